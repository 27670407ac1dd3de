namespace Jstp.TestKit.Persistence;

/// <summary>What is wrong with a <see cref="FaultySessionStore"/>.</summary>
public enum StoreFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing is carried out, and every call fails.</summary>
    Unreachable,

    /// <summary>Everything is carried out, and every call fails: the answers are lost.</summary>
    AnswersLost,

    /// <summary>Nothing is carried out, and every call seems to succeed: the node is dead and does not know it.</summary>
    Dead,

    /// <summary>What is to change the store fails, and nothing of it is carried out; it can still be read.</summary>
    ReadOnly,

    /// <summary>Calls wait until the fault is another one, which then goes for them.</summary>
    Blocked,
}
