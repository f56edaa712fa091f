using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Paging;
using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Audit;

internal static class AuditApi
{
    private const int ExportPage = 1_000;

    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddStateTables("audit", AuditTrail.Schema)
        .AddSingleton<AuditTrail>();

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/audit").WithTags("Audit").RequireAuthorization(Policies.Administrator)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesValidationProblem();
        audit.MapGet("", Page).WithName("getAudit").WithSummary("Who did what, when, on what: newest first");
        audit.MapGet("/export", ExportAsync).WithName("exportAudit").WithSummary("All acts that fit, as CSV (UTF-8 with a byte order mark), newest first")
            .Produces<string>(contentType: "text/csv");
    }

    private static Results<Ok<AuditPage>, ProblemHttpResult> Page([AsParameters] AuditFilter filter, [AsParameters] RecordPageQuery query, StateFile state)
    {
        if (!filter.TryRead(out var selection, out var problem))
            return problem!;
        var entries = state.Read(rows => selection.Read(rows, query.Below, query.OneMore));
        var more = query.Cut(entries);
        return TypedResults.Ok(new AuditPage(entries, more ? entries[^1].Id : null));
    }

    private static async Task ExportAsync([AsParameters] AuditFilter filter, StateFile state, HttpContext context)
    {
        if (!filter.TryRead(out var selection, out var problem))
        {
            await problem!.ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=audit.csv";
        await using var csv = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await csv.WriteAsync("id,at,who,role,act,on,before,after\r\n");
        for (var before = long.MaxValue; state.Read(rows => selection.Read(rows, before, ExportPage)) is { Count: > 0 } entries; before = entries[^1].Id)
            foreach (var entry in entries)
                await csv.WriteAsync($"{entry.Id},{DateTimeOffset.FromUnixTimeMilliseconds(entry.At):yyyy-MM-ddTHH:mm:ss.fffZ},{Cell(entry.Who)},{entry.Role},"
                    + $"{entry.Act},{Cell(entry.On)},{Cell(entry.Before?.GetRawText())},{Cell(entry.After?.GetRawText())}\r\n");
    }

    /// <summary>A quoted cell (RFC 4180); what a spreadsheet would take for a formula gets an apostrophe.</summary>
    private static string Cell(string? text) => text is null or "" ? ""
        : $"\"{(text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
