using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace SmartDistrict.Edge.Status;

/// <summary>Starts the export of the gateway's meter by OTLP. Not configured, it loads nothing of OpenTelemetry.</summary>
internal static class OtlpExport
{
    /// <returns>What ends the export, after a last one; null where none is configured.</returns>
    public static IDisposable? Start(OtlpOptions options, GatewayMeter meter, string district, string gateway) =>
        options.Endpoint.Length == 0 ? null : Build(options, meter.Meter, district, gateway);

    private static MeterProvider Build(OtlpOptions options, Meter meter, string district, string gateway) =>
        Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name)
            .ConfigureResource(resource => resource
                .AddService("smartdistrict-edge", serviceNamespace: district, serviceVersion: meter.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: gateway))
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = options.Metrics;
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.IntervalSeconds * 1000;
            })
            .Build();
}
