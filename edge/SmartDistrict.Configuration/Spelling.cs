namespace SmartDistrict.Configuration;

/// <summary>Finds the word that somebody probably meant.</summary>
public static class Spelling
{
    /// <summary>The known word nearest to what was written, where it is near enough to be a slip; otherwise null.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        var slips = Math.Min(3, 1 + written.Length / 4);
        return known
            .Select(word => (word, distance: Distance(written, word)))
            .Where(candidate => candidate.distance <= slips && candidate.distance < candidate.word.Length)
            .OrderBy(candidate => candidate.distance)
            .Select(candidate => candidate.word)
            .FirstOrDefault();
    }

    /// <summary>"did you mean …" where a near word is known, else the list of what is known (its first few).</summary>
    public static string Mend(string written, IReadOnlyCollection<string> known, string otherwise)
    {
        if (Nearest(written, known) is { } near)
            return $"write '{near}' if that is what you meant, or {otherwise}";
        return known.Count == 0
            ? otherwise
            : $"{otherwise} (known: {string.Join(", ", known.Take(8))}{(known.Count > 8 ? ", …" : "")})";
    }

    /// <summary>Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, ignoring case.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
