using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace SmartDistrict.Edge.Status;

/// <summary>
/// Renders a meter's observable instruments in the Prometheus text format 0.0.4 (Prometheus documentation, "Exposition formats").
/// Names follow OpenTelemetry's "Prometheus and OpenMetrics compatibility": dots become underscores, the unit is appended in
/// full, and counters end in <c>_total</c>; so what a collector makes of the OTLP export has the same names.
/// </summary>
/// <remarks>Any thread may render; one at a time does.</remarks>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly List<Family> families = [];
    private readonly Lock gate = new();

    public PrometheusText(Meter meter)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter))
                return;
            var family = new Family(instrument);
            families.Add(family);
            listening.EnableMeasurementEvents(instrument, family);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((Family)family!).Add(value, tags));
        listener.Start();
    }

    public string Render()
    {
        lock (gate)
        {
            foreach (var family in families)
                family.Samples.Clear();
            listener.RecordObservableInstruments();
            var text = new StringBuilder(32 << 10);
            foreach (var family in families)
                if (family.Samples.Length > 0)
                    text.Append(family.Head).Append(family.Samples);
            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();

    /// <summary>Name by instrument: sanitised, with its unit, with <c>_total</c> where it is a counter.</summary>
    internal static string NameOf(Instrument instrument)
    {
        var name = string.Concat(instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_'));
        var unit = Unit(instrument.Unit ?? "");
        if (unit.Length > 0 && !name.EndsWith("_" + unit, StringComparison.Ordinal))
            name += "_" + unit;
        return IsCounter(instrument) ? name + "_total" : name;
    }

    private static bool IsCounter(Instrument instrument) => instrument is ObservableCounter<double>;

    /// <summary>UCUM to the words of Prometheus; what stands in braces is an annotation, no unit.</summary>
    private static string Unit(string ucum)
    {
        var parts = ucum.Split('/').Select(part => part switch
        {
            "s" => "seconds",
            "By" => "bytes",
            "Cel" => "celsius",
            "min" => "minute",
            "d" => "day",
            _ when part.StartsWith('{') => "",
            _ => part,
        }).ToArray();
        return parts.Length == 1 ? parts[0] : $"{parts[0]}_per_{parts[1]}".TrimStart('_');
    }

    /// <summary>The lines of one instrument.</summary>
    private sealed class Family
    {
        private readonly string name;

        public Family(Instrument instrument)
        {
            name = NameOf(instrument);
            Head = $"# HELP {name} {Escape(instrument.Description ?? "", quotes: false)}\n# TYPE {name} {(IsCounter(instrument) ? "counter" : "gauge")}\n";
        }

        public string Head { get; }

        public StringBuilder Samples { get; } = new();

        public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Samples.Append(name);
            for (var i = 0; i < tags.Length; i++)
                Samples.Append(i == 0 ? '{' : ',').Append(tags[i].Key).Append("=\"").Append(Escape(tags[i].Value?.ToString() ?? "", quotes: true)).Append('"');
            if (tags.Length > 0)
                Samples.Append('}');
            Samples.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string Number(double value) =>
            double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

        private static string Escape(string text, bool quotes)
        {
            text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
        }
    }
}
