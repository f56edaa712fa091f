using System.ComponentModel;
using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Telemetry.LineProtocol;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>
/// <c>POST /api/v2/write</c> of the embedded store, as InfluxDB answers it where that is to the point: a gateway does not
/// know the difference. Beyond InfluxDB, a token writes only its own gateway's lines, and an older revision of a window
/// never replaces a newer one.
/// </summary>
internal static partial class WriteApi
{
    private const int MostShown = 20;

    public static IServiceCollection AddEmbeddedStore(this IServiceCollection services) => services
        .AddSingleton<EmbeddedStore>()
        .AddSingleton<IFootfallStore>(provider => provider.GetRequiredService<EmbeddedStore>())
        .AddSingleton<Alarms.IHealthStore, EmbeddedHealth>()
        .AddSingleton<Devices.IDeviceStore, EmbeddedDevices>()
        .AddSingleton<Assets.IAssetStore, EmbeddedAssets>()
        .AddSingleton<GatewayTokens>()
        .AddSingleton<PointReader>()
        .AddHostedService<Retention>();

    public static void MapWrite(this IEndpointRouteBuilder routes, StoreKind store)
    {
        if (store != StoreKind.Embedded)
        {
            routes.MapPost("/api/v2/write", ProblemHttpResult () => Problem.Of(StatusCodes.Status404NotFound, "store-not-embedded",
                "This service reads an InfluxDB and takes no points itself: set the gateway's Sync:Url to that InfluxDB")).ExcludeFromDescription();
            return;
        }
        routes.MapPost("/api/v2/write", WriteAsync).WithName("write").WithTags("Gateways").DisableAntiforgery()
            .WithSummary("Takes points of a gateway as InfluxDB line protocol")
            .WithDescription(
                "As InfluxDB 2's write: good lines of a body are stored even where others are refused. 204: all stored. "
                + "400: some lines were refused, with their positions, the others are stored. 401: no known token. "
                + "403: the token belongs to another gateway. 413: more than 25 MB when unpacked.")
            .AddOpenApiOperationTransformer(DescribeBody)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Described only: like InfluxDB, the path takes line protocol under any media type.</summary>
    private static Task DescribeBody(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = "InfluxDB line protocol in UTF-8; Content-Encoding gzip is taken.",
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
        };
        ApiExamples.Show(operation);
        return Task.CompletedTask;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> WriteAsync(
        HttpContext context, [AsParameters] WriteQuery query, GatewayTokens tokens, PointReader points, EmbeddedStore store, LiveFeed live,
        CancellationToken cancellation)
    {
        if (!context.Request.IsHttps && context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
            return Problem.Of(StatusCodes.Status403Forbidden, "tls-required", "A token must not cross a network in the clear: write over https");
        if (tokens.GatewayOf(context.Request) is not { } gateway)
        {
            context.Response.Headers.WWWAuthenticate = "Token";
            return Problem.Of(StatusCodes.Status401Unauthorized, "token-unknown",
                "No known token: send Authorization: Token … with the token whose SHA-256 stands in Cloud:Gateways");
        }
        if (!TimePrecisions.TryParse(query.Precision, out var precision))
            return Problem.BadRequest("precision-invalid", $"precision {query.Precision} is not one of ns, us, ms and s");
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "encoding-unsupported", $"Content-Encoding {encoding} is not taken: send gzip or plain text");
        using var body = new WriteBody();
        try
        {
            if (!await body.ReadAsync(context.Request.Body, encoding, cancellation))
                return Problem.Of(StatusCodes.Status413PayloadTooLarge, "too-large",
                    $"The body is larger than {WriteBody.MostBytes} bytes when unpacked: send fewer lines at a time");
        }
        catch (InvalidDataException e)
        {
            return Problem.BadRequest("gzip-invalid", $"The body is not sound gzip ({e.Message}): nothing of it was stored");
        }
        var batch = points.Read(body.Bytes, precision, gateway);
        store.Write(batch.Windows, batch.Health);
        live.Stored(gateway, batch.Windows, batch.Health);
        return batch.Refused.Count == 0 ? TypedResults.NoContent() : Refusal(context, batch);
    }

    private static ProblemHttpResult Refusal(HttpContext context, WriteBatch batch)
    {
        var first = batch.Refused[0];
        var detail = $"partial write: {batch.Refused.Count} of {batch.Refused.Count + batch.Stored} lines refused, {batch.Stored} stored; "
            + $"line {first.Line}{(first.Column is { } column ? $", column {column}" : "")}: {first.Reason}";
        var problem = batch.Forbidden == batch.Refused.Count && batch.Stored == 0
            ? Problem.Details(StatusCodes.Status403Forbidden, "not-this-gateway", detail)
            : Problem.Details(StatusCodes.Status400BadRequest, "lines-refused", detail);
        problem.Extensions["message"] = detail;
        problem.Extensions["refused"] = batch.Refused.Count;
        problem.Extensions["stored"] = batch.Stored;
        problem.Extensions["lines"] = batch.Refused.Take(MostShown).ToArray();
        context.Response.Headers["X-Influxdb-Error"] = Header(detail);
        return TypedResults.Problem(problem);
    }

    /// <summary>Header values are printable ASCII; what is not becomes a question mark.</summary>
    private static string Header(string text) => string.Concat(text.Take(500).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}

/// <summary>The parameters of InfluxDB's write. <c>org</c> and <c>bucket</c> are taken for compatibility; the token decides.</summary>
public sealed class WriteQuery
{
    [Description("Unit of the timestamps: ns (default), us, ms or s.")]
    [FromQuery(Name = "precision")]
    public string? Precision { get; set; }

    [Description("Taken for compatibility with InfluxDB.")]
    [FromQuery(Name = "org")]
    public string? Org { get; set; }

    [Description("Taken for compatibility with InfluxDB.")]
    [FromQuery(Name = "bucket")]
    public string? Bucket { get; set; }
}
