using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// Refuses what another site makes a browser send here (cross-site request forgery), beside the cookie's SameSite=Strict:
/// a browser says in <c>Sec-Fetch-Site</c>, an old one in <c>Origin</c>, where a request comes from. A program says
/// neither, and no cookie lets it in by accident.
/// </summary>
internal static class CrossSite
{
    public static void UseCrossSiteRefusal(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (IsForged(context.Request))
            await Problem.Of(StatusCodes.Status403Forbidden, "cross-site",
                "This request was made by the page of another site: open the console itself and try again").ExecuteAsync(context);
        else
            await next(context);
    });

    private static bool IsForged(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
