using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SmartDistrict.Cloud.Numbers;

namespace SmartDistrict.Cloud.Reports;

/// <summary>What a report can be written as.</summary>
internal enum FileFormat
{
    Csv,
    Xlsx,
    Pdf,
}

/// <summary>Languages of a report.</summary>
internal enum ReportLanguage
{
    Zh,
    En,
}

/// <summary>The tables of a report.</summary>
internal enum CsvTable
{
    Areas,
    OverTime,
}

/// <summary>A report as a file.</summary>
public sealed class ReportFileQuery : AreaPeriodQuery
{
    [Description("csv, xlsx (Excel) or pdf.")]
    [FromQuery(Name = "format")]
    [Required(ErrorMessage = "format is missing: give csv, xlsx or pdf")]
    [AllowedValues("csv", "xlsx", "pdf", ErrorMessage = "format is not one of csv, xlsx and pdf")]
    public string? Format { get; set; }

    [Description("Language of titles and names: zh (the default) or en. The column keys of a CSV stay the same.")]
    [FromQuery(Name = "language")]
    [AllowedValues(null, "zh", "en", ErrorMessage = "language is not one of zh and en")]
    public string? Language { get; set; }

    [Description("Which table a CSV holds: areas (the default) or over-time.")]
    [FromQuery(Name = "table")]
    [AllowedValues(null, "areas", "over-time", ErrorMessage = "table is not one of areas and over-time")]
    public string? Table { get; set; }
}

internal static class ReportsApi
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<ReportMaker>()
        .AddSingleton<LineExport>();

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var reports = routes.MapGroup("").WithTags("Reports")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        reports.MapGet("/reports", ReportAsync).WithName("getReport")
            .WithSummary("The numbers of a period to be handed on: of every area, and of one by hour, day or month")
            .WithDescription(
                "Counts of people below the district's limit, except zero, are kept back, with as many others as it takes that none can be had by "
                + "subtraction within the report: their cause is small-count.")
            .ProducesValidationProblem();
        reports.MapGet("/reports/file", FileAsync).WithName("getReportFile")
            .WithSummary("The same report as CSV (UTF-8 with a byte order mark), as an Excel workbook, or as PDF on A4")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.Csv, XlsxReport.ContentType, MediaTypeNames.Application.Pdf)
            .ProducesValidationProblem();
        reports.MapGet("/exports/lines", ExportAsync).WithName("exportLines")
            .WithSummary("Every window of every counting line in a period, as CSV, with what each is worth")
            .WithDescription(
                "One row for a line and window; a window that nobody wrote has the status none and no counts. Instants are in the district's time. "
                + "Rows whose counts are small are withheld, and of a line's day never only one, so that the day's sum does not tell it.")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.Csv)
            .ProducesValidationProblem();
    }

    private static async Task<Results<Ok<Report>, ProblemHttpResult>> ReportAsync(
        [AsParameters] AreaPeriodQuery query, ReportMaker reports, NumbersReader reader, Areas areas, Periods periods, CancellationToken cancellation) =>
        query.TryRead(periods, areas, reader, out var period, out var area, out var problem)
            ? TypedResults.Ok(await reports.MakeAsync(period, area, cancellation))
            : problem!;

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> FileAsync(
        [AsParameters] ReportFileQuery query, ReportMaker reports, NumbersReader reader, Areas areas, Periods periods, CancellationToken cancellation)
    {
        if (!query.TryRead(periods, areas, reader, out var period, out var area, out var problem))
            return problem!;
        var report = await reports.MakeAsync(period, area, cancellation);
        var (bytes, type, name) = reports.Write(
            report, Enum.Parse<FileFormat>(query.Format!, ignoreCase: true), query.Language == "en" ? ReportLanguage.En : ReportLanguage.Zh,
            query.Table == "over-time" ? CsvTable.OverTime : CsvTable.Areas);
        return TypedResults.File(bytes, type, name);
    }

    private static async Task ExportAsync(
        [AsParameters] ExportQuery query, LineExport export, NumbersReader reader, Periods periods, HttpContext context)
    {
        if (query.TryRead(periods, reader, out var period, out var problem))
            await export.WriteAsync(period, query.Resolution, context.Response, context.RequestAborted);
        else
            await problem!.ExecuteAsync(context);
    }
}
