namespace Jstp.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For whoever reads: MDSF, with tables and trees on a terminal.</summary>
    Automatic,

    /// <summary>MDSF, a value a line.</summary>
    Mdsf,

    /// <summary>JSON, a value a line.</summary>
    Json,
}
