namespace Jstp.Transport.Mdsf;

/// <summary>An array or object whose end has not been read yet.</summary>
internal sealed class MdsfContainerBuilder
{
    private readonly List<MdsfValue>? _elements;
    private readonly MdsfMembersBuilder? _members;

    public MdsfContainerBuilder(MdsfTokenType start)
    {
        if (start == MdsfTokenType.StartArray)
        {
            _elements = [];
        }
        else
        {
            _members = new MdsfMembersBuilder();
        }
    }

    /// <summary>The name of the member whose value comes next, in an object.</summary>
    public string Name { get; set; } = "";

    public void Add(MdsfValue value)
    {
        if (_elements is not null)
        {
            _elements.Add(value);
        }
        else
        {
            _members!.Set(Name, value);
        }
    }

    public MdsfValue Build() =>
        _elements is not null ? MdsfValue.AdoptArray([.. _elements]) : MdsfValue.AdoptObject(_members!.Build());
}
