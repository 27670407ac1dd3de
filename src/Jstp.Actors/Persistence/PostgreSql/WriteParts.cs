namespace Jstp.Actors.Persistence.PostgreSql;

/// <summary>Which tables a batch of changes touches, besides the check of its epochs.</summary>
[Flags]
internal enum WriteParts
{
    None = 0,
    Sessions = 1,
    Appended = 2,
    Released = 4,
    Collected = 8,
    Deleted = 16,
}
