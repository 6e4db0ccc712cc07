using System.Net;
using System.Net.NetworkInformation;

namespace FalServerless.Serialization.Values;

/// <summary>Addresses, credentials, cookies and headers, by the names of the types.</summary>
internal static class NetFormatters
{
    public static ValueFormatter IPAddress(FormatterResolver formatters) =>
        Surrogates.Class<IPAddress, (byte[], long)>(
            formatters,
            address =>
                (address.GetAddressBytes(), address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0),
            parts => parts.Item1.Length == 4 ? new(parts.Item1) : new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter IPEndPoint(FormatterResolver formatters) =>
        Surrogates.Class<IPEndPoint, (IPAddress, int)>(
            formatters,
            point => (point.Address, point.Port),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter DnsEndPoint(FormatterResolver formatters) =>
        Surrogates.Class<DnsEndPoint, (string, int, System.Net.Sockets.AddressFamily)>(
            formatters,
            point => (point.Host, point.Port, point.AddressFamily),
            parts => new(parts.Item1, parts.Item2, parts.Item3)
        );

    public static ValueFormatter IPNetwork(FormatterResolver formatters) =>
        Surrogates.Struct<IPNetwork, (IPAddress, int)>(
            formatters,
            network => (network.BaseAddress, network.PrefixLength),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter IPHostEntry(FormatterResolver formatters) =>
        Surrogates.Class<IPHostEntry, (string?, string[]?, IPAddress[]?)>(
            formatters,
            entry => (entry.HostName, entry.Aliases, entry.AddressList),
            parts =>
                new()
                {
                    HostName = parts.Item1!,
                    Aliases = parts.Item2!,
                    AddressList = parts.Item3!,
                }
        );

    public static ValueFormatter PhysicalAddress(FormatterResolver formatters) =>
        Surrogates.Class<PhysicalAddress, byte[]>(formatters, address => address.GetAddressBytes(), bytes => new(bytes));

    public static ValueFormatter NetworkCredential(FormatterResolver formatters) =>
        Surrogates.Class<NetworkCredential, (string, string, string)>(
            formatters,
            it => (it.UserName, it.Password, it.Domain),
            parts => new(parts.Item1, parts.Item2, parts.Item3)
        );

    public static ValueFormatter WebHeaderCollection(FormatterResolver formatters) =>
        Surrogates.Class<WebHeaderCollection, (string, string[])[]>(
            formatters,
            headers => [.. headers.AllKeys.Select((key, i) => (key!, headers.GetValues(i) ?? []))],
            pairs =>
            {
                var headers = new WebHeaderCollection();
                foreach (var (key, value) in pairs.SelectMany(pair => pair.Item2.Select(value => (pair.Item1, value))))
                {
                    headers.Add(key, value);
                }

                return headers;
            }
        );

    public static ValueFormatter Cookie(FormatterResolver formatters) =>
        Surrogates.Class<Cookie, (string, string, (string, string, string), (string, Uri?, bool), (bool, bool, bool), int, DateTime)>(
            formatters,
            cookie =>
                (
                    cookie.Name,
                    cookie.Value,
                    (cookie.Path, cookie.Domain, cookie.Port),
                    (cookie.Comment, cookie.CommentUri, cookie.Discard),
                    (cookie.Expired, cookie.HttpOnly, cookie.Secure),
                    cookie.Version,
                    cookie.Expires
                ),
            MakeCookie
        );

    public static ValueFormatter CookieCollection(FormatterResolver formatters) =>
        Surrogates.Class<CookieCollection, Cookie[]>(
            formatters,
            cookies => [.. cookies.Cast<Cookie>()],
            items =>
            {
                var cookies = new CookieCollection();
                Array.ForEach(items, cookies.Add);
                return cookies;
            }
        );

    public static ValueFormatter CookieContainer(FormatterResolver formatters) =>
        Surrogates.Class<CookieContainer, (int, int, int, Cookie[])>(
            formatters,
            jar => (jar.Capacity, jar.PerDomainCapacity, jar.MaxCookieSize, [.. jar.GetAllCookies().Cast<Cookie>()]),
            parts =>
            {
                var jar = new CookieContainer(parts.Item1, parts.Item2, parts.Item3);
                Array.ForEach(parts.Item4, jar.Add);
                return jar;
            }
        );

    private static Cookie MakeCookie(
        (
            string Name,
            string Value,
            (string, string, string) Place,
            (string, Uri?, bool) Note,
            (bool, bool, bool) Flags,
            int Version,
            DateTime Expires
        ) parts
    )
    {
        var cookie = new Cookie
        {
            Comment = parts.Note.Item1,
            CommentUri = parts.Note.Item2,
            Discard = parts.Note.Item3,
        };
        if (parts.Name.Length > 0)
        {
            cookie.Name = parts.Name;
        }

        (cookie.Value, cookie.HttpOnly, cookie.Secure, cookie.Version, cookie.Expires) = (
            parts.Value,
            parts.Flags.Item2,
            parts.Flags.Item3,
            parts.Version,
            parts.Expires
        );
        (cookie.Path, cookie.Domain, cookie.Port) = parts.Place;
        if (parts.Flags.Item1 && !cookie.Expired)
        {
            cookie.Expired = true;
        }

        return cookie;
    }
}
