namespace Jstp.Actors.Tests.Sessions.Model;

/// <summary>One step of a random history.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Argument">Chooses the node, the number, the way; any number makes sense for any kind.</param>
public readonly record struct Step(StepKind Kind, int Argument)
{
    /// <summary>As it can be pasted into a test.</summary>
    public override string ToString() => $"new({nameof(StepKind)}.{Kind}, {Argument})";
}
