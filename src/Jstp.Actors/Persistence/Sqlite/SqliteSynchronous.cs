namespace Jstp.Actors.Persistence.Sqlite;

/// <summary>When what was written is on the disk (SQLite's <c>PRAGMA synchronous</c>, with a write-ahead log).</summary>
public enum SqliteSynchronous
{
    /// <summary>
    /// At the next checkpoint. The death of the process costs nothing; a power cut, or a crash of the system, may cost the last commits, but never the file.
    /// </summary>
    Normal,

    /// <summary>At each commit.</summary>
    Full,
}
