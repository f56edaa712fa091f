using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using SmartDistrict.Edge.Journal;
using SmartDistrict.Edge.Outbox;
using SmartDistrict.Edge.Status;
using SmartDistrict.Sqlite;

namespace SmartDistrict.Edge.Technician;

/// <summary>
/// Everything that somebody who is not there needs to understand a gateway, as one ZIP: and nothing that is secret. Every
/// entry goes through <see cref="Secrets"/>, whatever it is made of.
/// </summary>
internal sealed class DiagnosisBundle(
    GatewayOptions options, IConfiguration settings, GatewayWatch watch, Func<Wiring> wiring, WalkTests walks, TopicSniffer sniffer, RecentLog log, TimeProvider time)
{
    private const int MostLetters = 200;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{options.Id}-{time.GetUtcNow():yyyyMMdd-HHmmss}.zip");

    public byte[] Make()
    {
        var secrets = Secrets.Of(settings);
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            Put("status.json", JsonSerializer.Serialize(watch.Now(), GatewayStatusJson.Default.GatewayStatus));
            Put("settings.json", Settings());
            Put("devices.json", JsonSerializer.Serialize(wiring(), TechnicianJson.Default.Wiring));
            Put("walk-tests.json", JsonSerializer.Serialize([.. walks.All], WalkTestJson.Default.ListWalkTest));
            Put("unknown-topics.json", Json(json =>
            {
                // without payloads: what strangers send is not ours to pass on
                json.WriteStartArray();
                foreach (var topic in sniffer.State.Topics)
                {
                    json.WriteStartObject();
                    json.WriteString("topic", topic.Topic);
                    json.WriteString("what", topic.What);
                    json.WriteNumber("messages", topic.Messages);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }));
            Put("journal.json", Json(Journal));
            Put("dead-letters.json", Json(DeadLetters));
            Put("machine.json", Json(Machine));
            Put("log.txt", string.Join('\n', log.Lines));

            void Put(string name, string text)
            {
                using var entry = new StreamWriter(zip.CreateEntry(name, CompressionLevel.Optimal).Open(), new UTF8Encoding(false));
                entry.Write(secrets.RemoveFrom(text));
            }
        }
        return bytes.ToArray();
    }

    /// <summary>The settings as they are in effect; of a secret only that it is set, of a file only where it is.</summary>
    private string Settings() => Json(json =>
    {
        json.WriteStartObject();
        foreach (var (key, value) in settings.AsEnumerable().Where(setting => setting.Value is not null).OrderBy(setting => setting.Key, StringComparer.Ordinal))
            json.WriteString(key, Secrets.IsSecret(key) ? Secrets.Mask : value);
        json.WriteEndObject();
    });

    private void Journal(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var segment in JournalSegment.List(Path.Combine(options.Data, "journal")))
        {
            var file = new FileInfo(segment.Path);
            if (!file.Exists)
                continue;
            json.WriteStartObject();
            json.WriteNumber("first", segment.First);
            json.WriteNumber("bytes", file.Length);
            json.WriteString("written", file.LastWriteTimeUtc);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>What was refused, why, and what mends it; the payloads stay here.</summary>
    private void DeadLetters(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var letter in Letters())
        {
            json.WriteStartObject();
            json.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(letter.At));
            json.WriteString("source", letter.Source);
            json.WriteString("subject", letter.Subject);
            json.WriteString("reason", letter.Reason);
            json.WriteString("mend", letter.Mend);
            json.WriteNumber("bytes", letter.Size);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private List<DeadLetter> Letters()
    {
        try
        {
            using var state = SqliteStore.OpenToRead(Path.Combine(options.Data, "state.db"));
            return Outbox.DeadLetters.Newest(state, MostLetters);
        }
        catch (SqliteException)
        {
            // a damaged state file is what the bundle may be wanted for
            return [];
        }
    }

    private void Machine(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("made", time.GetUtcNow());
        json.WriteString("version", Vitals.Software);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("system", RuntimeInformation.OSDescription);
        json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
        json.WriteNumber("processors", Environment.ProcessorCount);
        json.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
            write(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
