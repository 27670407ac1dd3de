using System.Diagnostics.CodeAnalysis;

namespace Jstp.Transport.Protocol;

/// <summary>
/// One to three numbers, of which any may be open (<c>x</c>, <c>X</c>, <c>*</c> or absent): what stands behind a range operator.
/// </summary>
/// <remarks>
/// Once a part is open, npm ignores all parts behind it; so does <see cref="OpenFrom"/>. A number may exceed
/// <see cref="JstpVersion.MaxNumber"/> here, since npm minds that only where the number is used.
/// </remarks>
internal readonly ref struct PartialVersion
{
    private const long Open = -1;
    private const long TooLarge = JstpVersion.MaxNumber + 1;

    private PartialVersion(long major, long minor, long patch, ReadOnlySpan<char> prerelease, ReadOnlySpan<char> build)
    {
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
        Build = build;
    }

    public long Major { get; }

    public long Minor { get; }

    public long Patch { get; }

    public ReadOnlySpan<char> Prerelease { get; }

    public ReadOnlySpan<char> Build { get; }

    /// <summary>The index of the first open part, 3 for a full version.</summary>
    public int OpenFrom => Major == Open ? 0 : Minor == Open ? 1 : Patch == Open ? 2 : 3;

    /// <summary>Reads the whole text as a partial version; prerelease and build may only follow a third part.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PartialVersion version)
    {
        version = default;
        long minor = Open;
        long patch = Open;

        if (!TryReadPart(ref text, out long major))
        {
            return false;
        }

        bool hasMinor = TryReadChar(ref text, '.');

        if (hasMinor && !TryReadPart(ref text, out minor))
        {
            return false;
        }

        bool hasPatch = hasMinor && TryReadChar(ref text, '.');

        if (hasPatch && !TryReadPart(ref text, out patch))
        {
            return false;
        }

        ReadOnlySpan<char> prerelease = default;
        ReadOnlySpan<char> build = default;

        if (hasPatch && TryReadChar(ref text, '-') && !TryReadIdentifiers(ref text, allowsLeadingZeros: false, out prerelease))
        {
            return false;
        }

        if (hasPatch && TryReadChar(ref text, '+') && !TryReadIdentifiers(ref text, allowsLeadingZeros: true, out build))
        {
            return false;
        }

        version = new PartialVersion(major, minor, patch, prerelease, build);
        return text.IsEmpty;
    }

    /// <summary>Makes the version if nothing is open and every number is small enough.</summary>
    public bool TryGetVersion([NotNullWhen(true)] out JstpVersion? version)
    {
        bool isVersion = OpenFrom == 3 && Major < TooLarge && Minor < TooLarge && Patch < TooLarge;
        version = isVersion ? new JstpVersion(Major, Minor, Patch, Prerelease.ToString(), Build.ToString()) : null;
        return isVersion;
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> text, out long part)
    {
        part = Open;

        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] is 'x' or 'X' or '*')
        {
            text = text[1..];
            return true;
        }

        int length = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = length < 0 ? text : text[..length];

        if (digits.IsEmpty || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }

        part = long.TryParse(digits, out long number) && number < TooLarge ? number : TooLarge;
        text = text[digits.Length..];
        return true;
    }

    private static bool TryReadIdentifiers(scoped ref ReadOnlySpan<char> text, bool allowsLeadingZeros, out ReadOnlySpan<char> identifiers)
    {
        int length = 0;

        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '-' or '.'))
        {
            length++;
        }

        identifiers = text[..length];
        text = text[length..];

        foreach (Range range in identifiers.Split('.'))
        {
            ReadOnlySpan<char> identifier = identifiers[range];
            bool hasLeadingZero = identifier.Length > 1 && identifier[0] == '0' && !identifier.ContainsAnyExceptInRange('0', '9');

            if (identifier.IsEmpty || (hasLeadingZero && !allowsLeadingZeros))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadChar(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }
}
