namespace Jstp.Generators.Model;

/// <summary>How a member of a user's type gets the value that was read.</summary>
internal enum MemberAccess
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As an argument of the constructor.</summary>
    Constructor,

    /// <summary>In the initializer, as a required member must.</summary>
    Initializer,

    /// <summary>By its setter, if it was there.</summary>
    Setter,

    /// <summary>By its init accessor, called from outside of an initializer, if it was there: an initializer would overwrite the default when it was not.</summary>
    InitAccessor,
}
