namespace SmartDistrict.Edge.Sync;

/// <summary>Which write interface of InfluxDB to use.</summary>
public enum SyncApi
{
    /// <summary><c>/write?db=</c> with user and password: 1.x, and all later ones by compatibility.</summary>
    V1,

    /// <summary><c>/api/v2/write?org=&amp;bucket=</c> with a token: 1.8, 2.x, 3.x and the district's own cloud service.</summary>
    V2,
}

/// <summary>How points reach the time series store: section <c>Sync</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>Root of the store, such as <c>https://influx.example:8086</c>. Never holds credentials.</summary>
    public string Url { get; set; } = "";

    public SyncApi Api { get; set; } = SyncApi.V2;

    /// <summary>V1: the database.</summary>
    public string? Database { get; set; }

    /// <summary>V1: a retention policy of the database; without it the database's default one.</summary>
    public string? RetentionPolicy { get; set; }

    /// <summary>V1: a user of the store, with <see cref="PasswordFile"/>.</summary>
    public string? User { get; set; }

    /// <summary>V1: a file that holds nothing but the password. Read for each request, so a new password needs no restart.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>V2: the organisation.</summary>
    public string? Org { get; set; }

    /// <summary>V2: the bucket.</summary>
    public string? Bucket { get; set; }

    /// <summary>V2: a file that holds nothing but the token. Read for each request, so a new token needs no restart.</summary>
    public string? TokenFile { get; set; }

    /// <summary>The most lines in one request.</summary>
    public int BatchLines { get; set; } = 10_000;

    /// <summary>Requests under way at once when there is a backlog; they never hold the same point. 1 on a thin line.</summary>
    public int Connections { get; set; } = 2;

    /// <summary>Whether bodies are compressed; where not set, unless the store is on this machine.</summary>
    public bool? Gzip { get; set; }

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the store may go on working on a request that we gave up: after it the newest revision is written once more.</summary>
    public TimeSpan ServerTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The first pause after a failure; it doubles up to <see cref="MaxPause"/>, with jitter.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two attempts that the store did not ask for.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the end of the process may wait for the outbox to empty.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most points that wait; beyond it the oldest are dropped and counted.</summary>
    public long MaxRows { get; set; } = 2_000_000;

    /// <summary>The most bytes of lines that wait; beyond it the oldest are dropped and counted.</summary>
    public long MaxBytes { get; set; } = 512L << 20;

    /// <summary>The most bytes of lines in one request, compressed or not: far below every server's limit (1.x: 25 MB).</summary>
    internal const int BatchBytes = 4 << 20;
}
