using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using SmartDistrict.Testing;

namespace SmartDistrict.Benchmarks;

/// <summary>
/// <c>map</c>: the console's map in headless Chromium, of 2,000 zones of which 200 change four times a second, and 200 markers
/// under way: how long the main thread works for each of its frames, as Chromium's own trace measures it. Once at rest, once while the
/// map is dragged. Service, broker and browser share the machine.
/// </summary>
internal static class MapFrames
{
    private const int Zones = 2000;
    private const int Changing = 200;
    private const int Markers = 200;
    private const int Rounds = 5;
    private const double FrameMicroseconds = 1_000_000 / 60.0;
    /// <summary>A frame of less work than this (ms) is idle, and would only flatter the rest.</summary>
    private const double LeastWork = 1;
    private const string Executable = "/usr/bin/chromium";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(6);

    /// <summary>Markers that go to another place each second, as carts do that report once a second.</summary>
    private const string MoveMarkers =
        """
        count => {
          const map = document.querySelector('.map').districtMap
          const draw = (context, size) => { context.beginPath(); context.arc(0, 0, size / 2 - 1, 0, 7); context.fillStyle = '#b83a08'; context.fill() }
          map.addMarkers({ id: 'bench', glideMs: 1000, sprites: { cart: draw } })
          let second = 0
          const put = () => {
            second++
            map.putMarkers('bench', Array.from({ length: count }, (_, i) => ({ id: `m${i}`, at: map.place([(i * 37 + second * 3) % 500, (i * 53 + second * 5) % 400]), level: null, look: 'cart' })))
          }
          put()
          setInterval(put, 1000)
        }
        """;

    public static async Task<int> RunAsync()
    {
        using var site = new BenchSite(new ReadingStream { FirstTimestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Devices = Zones });
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions { Lines = ["set_tcp_nodelay true"] });
        var url = new Uri($"http://127.0.0.1:{MosquittoBroker.FreePort()}/");
        await using var cloud = await site.StartCloudAsync(url, broker.Port);
        using var end = new CancellationTokenSource();
        var number = 0;
        var publishing = LiveGateway.PublishAsync(broker.Port, () => (Enumerable.Range(number * Changing % Zones, Changing), ++number), end.Token);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = 1440, Height = 900 },
            ExtraHTTPHeaders = [new("Authorization", "Bearer " + site.ApiToken)],
        });
        await page.GotoAsync(new Uri(url, "?lang=en").ToString());
        await page.WaitForSelectorAsync(".stage canvas");
        await page.EvaluateAsync(MoveMarkers, Markers);
        await Task.Delay(WarmUp, TimeProvider.System);

        var tracer = await browser.NewBrowserCDPSessionAsync();
        List<double> p95s = [];
        List<double> cpu = [];
        for (var round = 1; round <= Rounds; round++)
        {
            var frames = await TraceAsync(tracer, () => Task.Delay(Round, TimeProvider.System));
            p95s.Add(Share(frames.Wall, 0.95));
            cpu.Add(Share(frames.Cpu, 0.95));
            Print($"round {round}", frames);
        }
        var dragged = await TraceAsync(tracer, () => DragAsync(page));
        Print("dragged", dragged);
        await end.CancelAsync();
        await publishing;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"map drag_p95_ms {Share(dragged.Wall, 0.95):0.0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"map frame_cpu_p95_ms {Ingest.Median(cpu):0.0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"map frame_p95_ms {Ingest.Median(p95s):0.0}"));
        return 0;
    }

    private static async Task DragAsync(IPage page)
    {
        await page.Mouse.MoveAsync(520, 420);
        await page.Mouse.DownAsync();
        for (var step = 0; step < 240; step++)
            await page.Mouse.MoveAsync(520 + (float)(160 * Math.Sin(step / 20.0)), 420 + (float)(90 * Math.Cos(step / 14.0)));
        await page.Mouse.UpAsync();
    }

    private static void Print(string what, Work frames) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {frames.Wall.Count} frames, main thread p50 {Share(frames.Wall, 0.5):0.0} ms, p95 {Share(frames.Wall, 0.95):0.0} ms (of the processor {Share(frames.Cpu, 0.95):0.0} ms), p99 {Share(frames.Wall, 0.99):0.0} ms, longest {frames.Wall[^1]:0.0} ms"));

    private static double Share(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static async Task<Work> TraceAsync(ICDPSession tracer, Func<Task> meanwhile)
    {
        var events = new List<JsonElement>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Collect(object? _, JsonElement? part) => events.AddRange(part!.Value.GetProperty("value").EnumerateArray());
        void Complete(object? _, JsonElement? part) => complete.TrySetResult();
        tracer.Event("Tracing.dataCollected").OnEvent += Collect;
        tracer.Event("Tracing.tracingComplete").OnEvent += Complete;
        await tracer.SendAsync("Tracing.start", new Dictionary<string, object>
        {
            ["transferMode"] = "ReportEvents",
            ["categories"] = "-*,disabled-by-default-devtools.timeline,devtools.timeline,devtools.timeline.frame,disabled-by-default-devtools.timeline.frame",
        });
        await meanwhile();
        await tracer.SendAsync("Tracing.end");
        await complete.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        tracer.Event("Tracing.dataCollected").OnEvent -= Collect;
        tracer.Event("Tracing.tracingComplete").OnEvent -= Complete;
        return WorkOf(events);
    }

    private static Work WorkOf(List<JsonElement> events)
    {
        // The page's main thread is the one that begins its frames; the map's painter has a thread of its own.
        var begins = events.Where(e => e.GetProperty("name").GetString() == "BeginMainThreadFrame").GroupBy(Thread).OrderByDescending(group => group.Count()).FirstOrDefault()
            ?? throw new InvalidDataException($"the trace of {events.Count} events has no frame of a page");
        var frames = new SortedDictionary<long, (double Wall, double Cpu)>();
        foreach (var task in events.Where(e => e.GetProperty("name").GetString() == "RunTask" && Thread(e) == begins.Key && e.TryGetProperty("dur", out _)))
        {
            var frame = (long)Math.Floor((At(task) - At(begins.First())) / FrameMicroseconds);
            var (wall, cpu) = frames.GetValueOrDefault(frame);
            frames[frame] = (wall + task.GetProperty("dur").GetDouble() / 1000, cpu + (task.TryGetProperty("tdur", out var own) ? own.GetDouble() / 1000 : 0));
        }
        var worked = frames.Values.Where(frame => frame.Wall >= LeastWork).ToList();
        return new([.. worked.Select(frame => frame.Wall).Order()], [.. worked.Select(frame => frame.Cpu).Order()]);

        static (int, int) Thread(JsonElement e) => (e.GetProperty("pid").GetInt32(), e.GetProperty("tid").GetInt32());
        static double At(JsonElement e) => e.GetProperty("ts").GetDouble();
    }

    /// <summary>The main thread's work in each frame of the display in which it had any, ms, sorted; a task counts where it begins.</summary>
    /// <param name="Wall">As long as the tasks took.</param>
    /// <param name="Cpu">As long as the thread ran in them: what they would take were the machine theirs.</param>
    private sealed record Work(List<double> Wall, List<double> Cpu);
}
