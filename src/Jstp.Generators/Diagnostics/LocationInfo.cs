using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Jstp.Generators.Diagnostics;

/// <summary>A place in the source that does not hold on to its syntax tree.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static LocationInfo? From(Location? location) => location is { IsInSource: true }
        ? new LocationInfo(location.SourceTree!.FilePath, location.SourceSpan, location.GetLineSpan().Span)
        : null;

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
