using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SmartDistrict.Cloud.Access;
using SmartDistrict.Cloud.Accuracy;
using SmartDistrict.Cloud.Access.OpenId;
using SmartDistrict.Cloud.Alarms;
using SmartDistrict.Cloud.Assets;
using SmartDistrict.Cloud.Audit;
using SmartDistrict.Cloud.Calendar;
using SmartDistrict.Cloud.Console;
using SmartDistrict.Cloud.Devices;
using SmartDistrict.Cloud.Districts;
using SmartDistrict.Cloud.Embedded;
using SmartDistrict.Cloud.Footfall;
using SmartDistrict.Cloud.Heatmap;
using SmartDistrict.Cloud.Hot;
using SmartDistrict.Cloud.Influx;
using SmartDistrict.Cloud.Live;
using SmartDistrict.Cloud.Numbers;
using SmartDistrict.Cloud.Problems;
using SmartDistrict.Cloud.Reports;
using SmartDistrict.Cloud.Sales;
using SmartDistrict.Cloud.State;
using SmartDistrict.Configuration;

namespace SmartDistrict.Cloud;

/// <summary>The cloud service: what it is made of, in the order of the data's way.</summary>
internal static class CloudHost
{
    /// <summary>Where it listens unless told otherwise (<c>--urls</c>): this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private const int ConfigurationError = 2;

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>0, or 2 where the configuration makes a start impossible; then one message says why.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        // Until the start is over, what goes wrong is told once and by us, not with the host's stack trace.
        var started = new StrongBox<bool>();
        try
        {
            await using var app = Build(args, started);
            await app.StartAsync();
            started.Value = true;
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (StartProblem(e) is { } message)
        {
            await System.Console.Error.WriteLineAsync("smartdistrict-cloud cannot start: " + message);
            return ConfigurationError;
        }
    }

    private static WebApplication Build(string[] args, StrongBox<bool> started)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
            builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = WriteBody.MostBytes;
        });
        // A line per request would drown what matters; Logging:LogLevel in the configuration still decides.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started.Value && level >= LogLevel.Information);
        var options = Settings.Read(builder.Configuration);
        if (options.Data.Length > 0)
            Settings.PrepareData(options);
        AddServices(builder.Services, options, builder.Configuration);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, CloudOptions options, IConfiguration configuration)
    {
        services.AddSettings(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Settings.LoadDistrict(provider.GetRequiredService<IOptions<CloudOptions>>().Value));
        services.AddProblems();
        services.AddValidation();
        services.AddState();
        services.AddAudit();
        services.AddAccess(options);
        services.AddApiDocument();
        services.AddResponseCompression(compression => compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv"]);
        if (options.Store == StoreKind.Embedded)
            services.AddEmbeddedStore();
        else
            services.AddInfluxStore();
        services.AddDistrict();
        services.AddFootfall();
        services.AddAccuracy();
        services.AddNumbers();
        services.AddReports();
        services.AddSales();
        services.AddHot();
        services.AddHeatmap();
        services.AddCalendar();
        services.AddLive();
        services.AddAlarms();
        services.AddDevices();
        services.AddAssets();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
    }

    private static void Map(WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<CloudOptions>>().Value;
        app.Services.GetRequiredService<Topology>();
        app.Services.GetRequiredService<StateFile>();
        app.Services.GetRequiredService<SetUpCode>();
        app.Services.GetRequiredService<IFootfallStore>();

        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseUnreadRefusal();
        app.UseResponseCompression();
        app.MapConsole();
        app.UseCrossSiteRefusal();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use((context, next) => context.RequestServices.GetRequiredService<OpenRequests>().FollowAsync(context, next));
        app.UseRateLimiter();
        app.MapOpenApi();
        app.MapGet("/healthz", () => TypedResults.Text("ok\n")).WithName("getHealth").WithTags("Service").WithSummary("Whether the service runs");
        app.MapOpenId();
        app.MapWrite(options.Store);
        var api = app.MapGroup("/api/v1").RequireAuthorization(Policies.Viewer).WithEntityTags();
        api.MapAccess();
        api.MapAudit();
        api.MapDistrict();
        api.MapFootfall();
        api.MapHeatmap();
        api.MapNumbers();
        api.MapReports();
        api.MapSales();
        api.MapCalendar();
        api.MapDevices();
        api.MapAssets();
        api.MapAccuracy();
        api.MapLive();
        api.MapAlarms();
    }

    /// <summary>The message for what the person who starts the service can mend; null for a fault of the service.</summary>
    private static string? StartProblem(Exception e) => e switch
    {
        StartException or ConfigurationException or InvalidDataException => e.Message,
        OptionsValidationException options => string.Join("; ", options.Failures),
        IOException { InnerException: AddressInUseException or SocketException } =>
            $"{e.Message} End what listens there, or choose another address with --urls http://127.0.0.1:PORT",
        SocketException socket => $"it cannot listen ({socket.Message}): choose another address with --urls",
        SqliteException sqlite => $"the store in the data folder cannot be opened ({sqlite.Message}): look at the folder's rights and free space",
        _ => null,
    };
}
