namespace Jstp.Transport.Protocol;

/// <summary>The array behind the kind of a message: <c>[id, target, version]</c>.</summary>
internal struct JstpMessageHead
{
    public bool IsArray;
    public bool HasId;
    public long Id;
    public int Start; // of the value, or of the id once that is read
    public JstpMessageSlice Target;
    public JstpMessageSlice Version;
}
