using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud.Paging;

/// <summary>A page of what the district's file lists, in its order.</summary>
public sealed class EntryPageQuery : PageQuery
{
    [Description("Only those behind this one: next of the page before.")]
    [FromQuery(Name = "after")]
    public string? After { get; set; }

    /// <summary>Cuts the page, or says what is wrong with <see cref="After"/>.</summary>
    /// <param name="what">What an entry is, as in "no locker".</param>
    internal bool TryCut<T>(IReadOnlyList<T> all, Func<T, string> id, string what, out EntryPage<T> page, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        var first = After is null ? 0 : all.TakeWhile(one => id(one) != After).Count() + 1;
        page = new([.. all.Skip(first).Take(Most)], all.Count, first + Most < all.Count ? id(all[first + Most - 1]) : null);
        problem = first <= all.Count ? null : Problem.BadRequest("after-invalid", $"after ({After}) is no {what}: give next of the page before, or leave it out");
        return problem is null;
    }
}

/// <param name="Entries">Those of the page.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="Next">The last one of the page where others follow.</param>
internal readonly record struct EntryPage<T>(IReadOnlyList<T> Entries, int Total, string? Next);
