namespace SmartDistrict.Cloud.State;

/// <summary>A page of a list is read with one row more than it holds, which tells whether there is another page.</summary>
internal static class PageCut
{
    /// <summary>Leaves the rows of the page.</summary>
    /// <returns>Whether there were more.</returns>
    public static bool CutTo<T>(this List<T> rows, int most)
    {
        if (rows.Count <= most)
            return false;
        rows.RemoveRange(most, rows.Count - most);
        return true;
    }
}
