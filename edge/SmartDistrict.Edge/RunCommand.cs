using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Edge.Drivers.Mqtt;
using SmartDistrict.Edge.Footfall;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Status;
using SmartDistrict.Edge.Sync;
using SmartDistrict.Edge.Technician;

namespace SmartDistrict.Edge;

/// <summary><c>smartdistrict-edge run [--config FILE] [--Section:Setting=value …]</c>: runs the gateway until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>Exit code of a configuration that cannot be used, as in sysexits.h.</summary>
    public const int ConfigurationError = 78;

    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            using var host = Build(arguments);
            await host.StartAsync();
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await host.Services.GetRequiredService<EdgeGateway>().RunAsync(stopping);
            await host.StopAsync();
            return 0;
        }
        catch (Exception e) when (Explains(e) is { } text)
        {
            await Console.Error.WriteLineAsync(text);
            return ConfigurationError;
        }
    }

    private static IHost Build(string[] arguments)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var commandLine = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        if (commandLine["config"] is { } file)
            builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        builder.Configuration.AddEnvironmentVariables("SMARTDISTRICT_").AddCommandLine(arguments);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }).AddFilter("Microsoft", LogLevel.Warning)
            // what keeps the gateway from starting is told once and by us, not with the host's stack trace
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        AddSettings(builder.Services);
        var recentLog = new RecentLog(TimeProvider.System);
        builder.Logging.AddProvider(recentLog);
        builder.Services.AddSingleton(recentLog);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<EdgeGateway>();
        return builder.Build();
    }

    /// <summary>Every section of the settings with its limits, checked at the start.</summary>
    internal static void AddSettings(IServiceCollection services)
    {
        Bind<GatewayOptions, GatewayOptionsCheck>(services, "Gateway");
        Bind<JournalOptions, JournalOptionsCheck>(services, "Journal");
        Bind<FoldOptions, FoldOptionsCheck>(services, "Fold");
        Bind<SyncOptions, SyncOptionsCheck>(services, "Sync");
        Bind<StatusOptions, StatusOptionsCheck>(services, "Status");
        Bind<OtlpOptions, OtlpOptionsCheck>(services, "Otlp");
        Bind<BrokerOptions, BrokerOptionsCheck>(services, EdgeGateway.DeviceBroker, EdgeGateway.DeviceBroker);
        Bind<BrokerOptions, BrokerOptionsCheck>(services, EdgeGateway.CloudBroker, EdgeGateway.CloudBroker);
    }

    private static void Bind<T, TCheck>(IServiceCollection services, string section, string? name = null)
        where T : class where TCheck : class, IValidateOptions<T>
    {
        services.AddOptions<T>(name).BindConfiguration(section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<T>, TCheck>());
    }

    /// <summary>What the technician has to mend; null for anything that is not his to mend.</summary>
    public static string? Explains(Exception e) => e switch
    {
        ConfigurationException => e.Message,
        OptionsValidationException options => SettingsProblem.Of(options),
        // settings of several sections at once
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            string.Join(Environment.NewLine, several.InnerExceptions.Select(Explains)),
        // the configuration file itself: missing, no JSON, or a setting that does not exist
        InvalidDataException { InnerException: FormatException { InnerException: JsonException json } } =>
            $"{e.Message} It is not valid JSON at or before line {json.LineNumber + 1}, column {json.BytePositionInLine + 1}: check the commas, quotes and brackets there.",
        FileNotFoundException or InvalidDataException => e.Message,
        // the binder's own, or its caller's where the compiler put the two together
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" or "Microsoft.Extensions.Options.ConfigurationExtensions" } binding => SettingsProblem.Of(binding),
        // a full disk, a file system that cannot be written
        SqliteException => $"{e.Message} Mend: see that the data folder is writable and its disk has room",
        // a port in use, a folder in use by another gateway
        IOException => e.Message,
        _ => null,
    };
}
