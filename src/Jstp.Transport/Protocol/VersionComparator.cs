namespace Jstp.Transport.Protocol;

/// <summary>One bound of a range, such as <c>&gt;=1.2.0</c>.</summary>
internal readonly record struct VersionComparator(VersionOperator Operator, JstpVersion Bound)
{
    /// <summary>Tells whether a version is on the right side of the bound, by precedence alone.</summary>
    public bool IsSatisfiedBy(JstpVersion version)
    {
        int order = version.CompareTo(Bound);

        return Operator switch
        {
            VersionOperator.Less => order < 0,
            VersionOperator.LessOrEqual => order <= 0,
            VersionOperator.Greater => order > 0,
            VersionOperator.GreaterOrEqual => order >= 0,
            _ => order == 0,
        };
    }
}
