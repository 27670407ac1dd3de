namespace Jstp.Transport.Protocol;

/// <summary>The second member of a message: its name, its value and, if that is an array, the number of elements.</summary>
internal struct JstpMessageBody
{
    public JstpMessageSlice Name;
    public JstpMessageSlice Value;
    public int Count;
}
