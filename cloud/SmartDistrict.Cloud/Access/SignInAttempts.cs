using SmartDistrict.Cloud.State;

namespace SmartDistrict.Cloud.Access;

/// <summary>
/// Makes guessing slow. A name is locked after five wrong passwords in a row: a minute, then twice as long each time, a
/// quarter of an hour at most, over restarts too. Names that nobody has are locked likewise, so that a lock tells
/// nothing; who is signed in already is not disturbed.
/// </summary>
internal static class SignInAttempts
{
    public const int Free = 5;

    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    /// <summary>Counts an attempt before its password is looked at, so that many at once are not more than one after the other.</summary>
    /// <param name="now">ms since the Unix epoch.</param>
    /// <returns>Until when the name is locked if this attempt fails too, or, where it may not be made, is locked already.</returns>
    public static (bool Allowed, long? LockedUntil) Begin(StateRows state, string name, long now)
    {
        state.Run("DELETE FROM attempt WHERE until < $1", now - (long)Forgotten.TotalMilliseconds);
        var (count, until) = state.List("SELECT count, until FROM attempt WHERE name = $1", row => (row.GetInt32(0), row.GetInt64(1)), name).SingleOrDefault();
        if (count >= Free && until > now)
            return (false, until);
        count++;
        var locked = count < Free ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Min(1 << Math.Min(count - Free, 10), LongestLock.TotalMinutes));
        until = now + (long)locked.TotalMilliseconds;
        state.Run("INSERT OR REPLACE INTO attempt VALUES ($1, $2, $3)", name, count, until);
        return (true, count >= Free ? until : null);
    }

    /// <summary>The right password was given.</summary>
    public static void Clear(StateRows state, string name) => state.Run("DELETE FROM attempt WHERE name = $1", name);
}
