using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SmartDistrict.Edge.Technician;

/// <summary>
/// Who may use the technician's page. Without a code everybody who reaches it may: then it listens on loopback only.
/// With one a browser signs in once and shows a random session afterwards.
/// </summary>
/// <remarks>
/// The code and a session are compared in constant time. An address that fails <see cref="FreeAttempts"/> times waits, twice
/// as long after each further failure; all addresses together have <see cref="AttemptsPerMinute"/>.
/// </remarks>
internal sealed class TechnicianAccess
{
    public const string Cookie = "sd_technician";

    public const int ShortestCode = 8;

    private const int FreeAttempts = 5;
    private const int AttemptsPerMinute = 30;
    private const int MostAddresses = 1024;
    private const int MostSessions = 16;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);

    private readonly TimeProvider time;
    private readonly byte[]? code;
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, (int Failures, long Since, TimeSpan Wait)> addresses = [];
    private readonly List<(byte[] Hash, long Since)> sessions = [];
    private long minute;
    private int attempts;

    /// <param name="code">Null: no code is asked for.</param>
    public TechnicianAccess(string? code, TimeProvider time)
    {
        this.time = time;
        this.code = code is null ? null : Hash(code);
        minute = time.GetTimestamp();
    }

    public bool NeedsCode => code is not null;

    /// <summary>Whether a request's session is one that was opened here.</summary>
    public bool Allows(string? session)
    {
        if (code is null)
            return true;
        if (session is null)
            return false;
        var hash = Hash(session);
        lock (gate)
        {
            sessions.RemoveAll(known => time.GetElapsedTime(known.Since) > SessionLife);
            var found = false;
            foreach (var known in sessions)
                found |= CryptographicOperations.FixedTimeEquals(known.Hash, hash);
            return found;
        }
    }

    /// <summary>Tries a code.</summary>
    /// <param name="session">The new session, where it was right.</param>
    /// <param name="wait">How long this address has to wait before its next attempt; zero where the code was judged.</param>
    public bool TryEnter(IPAddress from, string given, out string session, out TimeSpan wait)
    {
        session = "";
        lock (gate)
        {
            wait = WaitOf(from);
            if (wait > TimeSpan.Zero)
                return false;
            attempts++;
            if (code is not null && !CryptographicOperations.FixedTimeEquals(code, Hash(given)))
            {
                Fail(from);
                return false;
            }
            addresses.Remove(from);
            session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            if (sessions.Count == MostSessions)
                sessions.RemoveAt(0);
            sessions.Add((Hash(session), time.GetTimestamp()));
            return true;
        }
    }

    private TimeSpan WaitOf(IPAddress from)
    {
        if (time.GetElapsedTime(minute) >= TimeSpan.FromMinutes(1))
            (minute, attempts) = (time.GetTimestamp(), 0);
        var all = attempts < AttemptsPerMinute ? TimeSpan.Zero : TimeSpan.FromMinutes(1) - time.GetElapsedTime(minute);
        var own = addresses.TryGetValue(from, out var known) ? known.Wait - time.GetElapsedTime(known.Since) : TimeSpan.Zero;
        return own > all ? own : all;
    }

    private void Fail(IPAddress from)
    {
        if (!addresses.TryGetValue(from, out var known) && addresses.Count == MostAddresses)
            addresses.Remove(addresses.MinBy(entry => entry.Value.Since).Key);
        var failures = known.Failures + 1;
        var wait = failures < FreeAttempts ? TimeSpan.Zero : FirstWait * Math.Pow(2, Math.Min(20, failures - FreeAttempts));
        addresses[from] = (failures, time.GetTimestamp(), wait < LongestWait ? wait : LongestWait);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
