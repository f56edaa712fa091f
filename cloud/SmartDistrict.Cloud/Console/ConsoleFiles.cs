using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Problems;

namespace SmartDistrict.Cloud.Console;

/// <summary>
/// Serves the built console: hashed files for a year, the page itself always revalidated, and the page for every path
/// that is no file, so that a deep link opens; but never for a path of the API.
/// </summary>
internal static class ConsoleFiles
{
    /// <summary>
    /// Scripts and style sheets come from our own files alone. Style attributes are let in: by them the charts lay out what
    /// they show beside the pointer.
    /// </summary>
    /// <param name="basemap">The one origin that tiles may come from beside our own; null where none is configured.</param>
    public static string ContentSecurityPolicy(string? basemap)
    {
        var tiles = basemap is null ? "" : " " + basemap;
        return $"default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:{tiles}; font-src 'self' data:; "
            + $"connect-src 'self'{tiles}; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }

    private const string NotBuilt = "The console is not built: run npm ci and npm run build in cloud/console, then build this service again";

    /// <summary>Set when the answer starts: what turns an exception into a problem clears earlier headers.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var policy = ContentSecurityPolicy(app.Services.GetRequiredService<Districts.Basemap>().Origin);
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                // A floor plan has a stricter one of its own.
                if (headers.ContentSecurityPolicy.Count == 0)
                    headers.ContentSecurityPolicy = policy;
                headers["Referrer-Policy"] = "no-referrer";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    public static void MapConsole(this WebApplication app)
    {
        var folder = Path.GetFullPath(app.Services.GetRequiredService<IOptions<CloudOptions>>().Value.Console ?? Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            app.MapGet("/", () => Problem.Of(StatusCodes.Status404NotFound, "console-not-built", NotBuilt)).ExcludeFromDescription();
            return;
        }
        var files = new PhysicalFileProvider(folder);
        var options = new StaticFileOptions { FileProvider = files, OnPrepareResponse = Cache };
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(options);
        app.MapFallbackToFile("{*path:nonfile:regex(^(?!api/|openapi/).*$)}", "index.html", options);
    }

    /// <summary>The build puts a hash into the names of everything under <c>assets</c>.</summary>
    private static void Cache(StaticFileResponseContext file) =>
        file.Context.Response.Headers.CacheControl = file.Context.Request.Path.StartsWithSegments("/assets")
            ? "public, max-age=31536000, immutable"
            : "no-cache";
}
