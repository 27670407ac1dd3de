// Each scenario has the machine to itself: they are measured.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
