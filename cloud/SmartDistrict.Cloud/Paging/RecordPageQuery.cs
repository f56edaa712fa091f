using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace SmartDistrict.Cloud.Paging;

/// <summary>A page of numbered records, newest first. Any number will do, also one whose record is gone: a page may be turned while others are removed.</summary>
public sealed class RecordPageQuery : PageQuery
{
    [Description("Only those with a lower number: next of the page before.")]
    [FromQuery(Name = "before")]
    [Range(1, long.MaxValue, ErrorMessage = "before is a number from 1: give next of the page before, or leave it out")]
    public long? Before { get; set; }

    internal long Below => Before ?? long.MaxValue;
}
