using System.ComponentModel.DataAnnotations;

namespace SmartDistrict.Edge.Status;

/// <summary>
/// Export of the gateway's metrics to an OpenTelemetry collector, by OTLP over HTTP. Headers and certificates are set as the
/// OpenTelemetry specification has it, by the environment (<c>OTEL_EXPORTER_OTLP_HEADERS</c> …), so that no secret stands here.
/// </summary>
public sealed class OtlpOptions : IValidatableObject
{
    /// <summary>Root of the collector, such as <c>http://collector.example:4318</c>, or the whole address of its metrics; without it nothing is exported.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Time between two exports, s.</summary>
    [Range(1, 3600)]
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>Where metrics are posted: the endpoint with <c>/v1/metrics</c> behind it, unless it has a path of its own (OTLP specification, "OTLP/HTTP Request").</summary>
    internal Uri Metrics => new Uri(Endpoint) is { AbsolutePath: "/" } root ? new Uri(root, "v1/metrics") : new Uri(Endpoint);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint.Length > 0 && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return new($"Otlp:Endpoint is '{Endpoint}': write http://HOST:PORT or https://HOST:PORT of the collector's OTLP/HTTP receiver, usually port 4318");
    }
}
