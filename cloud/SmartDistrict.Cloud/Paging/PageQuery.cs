using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SmartDistrict.Cloud.Paging;

/// <summary>A page of a list: every list that may grow is asked for like this.</summary>
public abstract class PageQuery
{
    private const int UsualPage = 100;

    [Description("Most of a page, 1 to 1000; 100 where nothing is said.")]
    [FromQuery(Name = "limit")]
    [Range(1, 1000, ErrorMessage = "limit is a number from 1 to 1000")]
    public int? Limit { get; set; }

    internal int Most => Limit ?? UsualPage;

    /// <summary>How many rows to read: one more than the page holds tells whether there is another page.</summary>
    internal int OneMore => Most + 1;

    /// <summary>Leaves the rows of the page.</summary>
    /// <returns>Whether there were more.</returns>
    internal bool Cut<T>(List<T> rows)
    {
        if (rows.Count <= Most)
            return false;
        rows.RemoveRange(Most, rows.Count - Most);
        return true;
    }
}
