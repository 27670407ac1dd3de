namespace Jstp.Transport.Protocol;

/// <summary>How a version is compared with the bound of a range.</summary>
internal enum VersionOperator : byte
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
