using FalServerless.Credentials;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>
/// The host that programs call from here: whether it answers, whether it takes the key, and whether its clock is this machine's.
/// </summary>
/// <param name="address">The host.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class HostCheck(HostAddress address, TimeProvider time)
{
    private const string HostName = "host";
    private const string KeyName = "key";

    // The header has whole seconds, and is sent for a while.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var findings = new List<Finding>(await ReachAsync(limit.Token));
            findings.Add(await KeyAsync(limit.Token));
            return findings;
        }
        catch (HostUnreachableException e)
        {
            return
            [
                Finding.Fails(
                    HostName,
                    e.Message,
                    "See above; and is the address right? It is that of --host, FAL_HOST or 'fal-serverless auth login'."
                ),
            ];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return
            [
                Finding.Fails(
                    HostName,
                    $"{address} did not answer within {Limit.TotalSeconds:0} s",
                    "Is the machine up, and is there a firewall between?"
                ),
            ];
        }
    }

    private async Task<IEnumerable<Finding>> ReachAsync(CancellationToken cancellationToken)
    {
        using var http = HostHttp.Create(
            new() { Address = address, CertificateFile = Environment.GetEnvironmentVariable(HostTrust.Variable) }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Of(Routes.Ready));
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, cancellationToken);
        }
        catch (ConnectionBrokenException e)
        {
            throw UnreachableErrors.Describe(address, e);
        }
        catch (HttpRequestException e)
        {
            throw UnreachableErrors.Describe(address, RuntimeClient.Broken(e));
        }

        using (response)
        {
            return [Ready((int)response.StatusCode), .. Clock(response.Headers.Date)];
        }
    }

    private Finding Ready(int status) =>
        status switch
        {
            200 => Finding.Works(HostName, $"{address} answers{(address.IsSecure ? "" : ", without TLS")}"),
            503 => Finding.Limited(
                HostName,
                $"{address} answers, and takes no calls at this moment",
                "It starts or shuts down; try again in a while."
            ),
            _ => Finding.Fails(
                HostName,
                $"{address} answers with HTTP status {status}",
                "Is this the address of a FalServerless host, with the path below which it serves, if any?"
            ),
        };

    private IEnumerable<Finding> Clock(DateTimeOffset? theirs)
    {
        const string Name = "clock";
        if (theirs is not { } date)
        {
            return [];
        }

        var ahead = time.GetUtcNow() - date;
        return
        [
            ahead.Duration() <= Tolerance
                ? Finding.Works(Name, "agrees with the host's")
                : Finding.Limited(
                    Name,
                    $"{ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the host's",
                    "Certificates, keys that expire and times in logs are judged by clocks: have both machines set theirs by NTP."
                ),
        ];
    }

    private async Task<Finding> KeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var client = await CloudHosts.At(address).ConnectAsync(cancellationToken);
            using var response = await client.RequestAsync(HttpMethod.Get, Routes.Key, cancellationToken: cancellationToken);
            var key = KeyRecordCodec.Read(await ResponseBody.ReadAsync(response, "a key", ResponseBody.MaximumList, cancellationToken));
            return Finding.Works(KeyName, $"{key.Id}, scope {key.Scope}, from {CredentialResolver.OfProcess.Find(address).Origin}");
        }
        catch (Exception e) when (e is FalServerlessException or IOException or HttpRequestException)
        {
            return Finding.Fails(KeyName, e.Message, "Get a key of the host, and run 'fal-serverless auth login'.");
        }
    }
}
