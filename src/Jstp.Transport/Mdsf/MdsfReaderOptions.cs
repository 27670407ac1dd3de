namespace Jstp.Transport.Mdsf;

/// <summary>What one MDSF text may cost its reader (mdsf.md, section 4). The default value of this type holds the defaults.</summary>
public readonly struct MdsfReaderOptions
{
    /// <summary>How many containers may be open at once unless the options say otherwise: 512.</summary>
    public const int DefaultMaxDepth = 512;

    /// <summary>How many values a text may hold unless the options say otherwise: 1,048,576.</summary>
    public const int DefaultMaxValueCount = 1_048_576;

    /// <summary>How many containers may be open at once; <c>[]</c> is 1. The default is 512; at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDepth
    {
        get => field == 0 ? DefaultMaxDepth : field;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    /// <summary>
    /// How many values a text may hold: elements, left-out elements and members of all containers, or the one scalar at top level.
    /// The default is 1,048,576, because 8 MiB of commas would otherwise become 8 million elements; at least 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxValueCount
    {
        get => field == 0 ? DefaultMaxValueCount : field;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
}
