namespace Jstp.PublicApi.Tests;

/// <summary>The lines in which two listings differ, each behind the line of the type that it belongs to.</summary>
internal static class LineDiff
{
    public static IEnumerable<string> Of(string[] before, string[] after)
    {
        int[,] common = CommonLengths(before, after);
        (int i, int j) = (0, 0);
        string? type = null;

        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                type = before[i].StartsWith(' ') ? type : "  " + before[i];
                i++;
                j++;
                continue;
            }

            if (type is not null)
            {
                yield return type;
                type = null;
            }

            yield return j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]) ? $"- {before[i++]}" : $"+ {after[j++]}";
        }
    }

    /// <summary>How long the longest common sequence of the rests is.</summary>
    private static int[,] CommonLengths(string[] before, string[] after)
    {
        int[,] lengths = new int[before.Length + 1, after.Length + 1];

        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = before[i] == after[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        return lengths;
    }
}
