using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Edge.Replay;

/// <summary>A replay's outcome for programs: one JSON document.</summary>
internal static class ReplayJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ReplayReport report, ReplayArguments arguments, District district, TextWriter output)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteString("district", district.Id);
            json.WriteString("from", DateTimeOffset.FromUnixTimeMilliseconds(report.Range.From));
            json.WriteString("to", DateTimeOffset.FromUnixTimeMilliseconds(report.Range.To));
            json.WriteString("resolution", arguments.Resolution.Name());
            json.WriteStartArray("with");
            foreach (var change in arguments.With)
                json.WriteStringValue(change);
            json.WriteEndArray();
            json.WriteNumber("records", report.Records);
            json.WriteNumber("lost", report.Lost);
            json.WriteNumber("windows", report.Windows);
            json.WriteNumber("differing", report.Differing.Count);
            foreach (var (name, ofRange) in new[] { ("totals", true), ("folded", false) })
            {
                json.WriteStartObject(name);
                foreach (var total in report.Totals.Where(total => total.OfRange == ofRange))
                {
                    json.WriteStartObject(Key(total.Name));
                    json.WriteNumber("present", total.Present);
                    json.WriteNumber("changed", total.Changed);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            json.WriteStartArray("differences");
            foreach (var pair in report.Differing)
            {
                json.WriteStartObject();
                json.WriteString("line", pair.Key.Line);
                json.WriteString("start", DateTimeOffset.FromUnixTimeSeconds(pair.Key.Start));
                Side(json, "present", pair.Present);
                Side(json, "changed", pair.Changed);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Side(Utf8JsonWriter json, string name, LineWindow? window)
    {
        if (window is not { } there)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        foreach (var (count, of) in WindowDifference.Counts)
            json.WriteNumber(Key(count), of(there));
        json.WriteString("status", there.Status.Name());
        json.WriteEndObject();
    }

    private static string Key(string name) => name.Replace(' ', '_');
}
