using FalServerless.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Why a request is not let in because of its key.</summary>
internal sealed record Rejection(int Status, Refusal Refusal, TimeSpan? RetryAfter = null)
{
    private const int Missing = 1;
    private const int Wrong = 2;
    private const int Revoked = 3;
    private const int Expired = 4;
    private const int LacksScope = 5;
    private const int TooManyAttempts = 6;

    public static Rejection OfMissing { get; } =
        Unauthorized(Missing, "The request carries no key. Give the host's id and secret: FAL_KEY=id:secret, or CloudKeyCredentials.");

    /// <summary>
    /// One answer for a key that does not exist and for a secret that is not its own: it does not reveal which keys exist.
    /// </summary>
    public static Rejection OfWrong { get; } =
        Unauthorized(
            Wrong,
            "The key is not one of this host's, or its secret is another one. Check id and secret; a new key is made on the host "
                + "with: fal-serverless key create"
        );

    /// <summary>The header is not of a form that could hold a key.</summary>
    public static Rejection OfForm(string what) =>
        Unauthorized(
            Wrong,
            $"The Authorization header is malformed: {what}. Send 'Authorization: Bearer <id>:<secret>' or 'Authorization: Key "
                + $"<id>:<secret>'."
        );

    public static Rejection OfRevoked(string id, DateTimeOffset since) =>
        Unauthorized(
            Revoked,
            $"The key {id} was revoked at {since:u}. Ask for a new one; it is made on the host with: fal-serverless key create"
        );

    public static Rejection OfExpired(string id, DateTimeOffset since) =>
        Unauthorized(
            Expired,
            $"The key {id} expired at {since:u}. Ask for a new one; it is made on the host with: fal-serverless key create"
        );

    public static Rejection OfScope(string id, string what) =>
        new(
            StatusCodes.Status403Forbidden,
            Fault(
                LacksScope,
                $"The key {id} has the scope 'invoke', and {what} needs the scope 'admin'. Such a key is made on the host with: "
                    + $"fal-serverless key create --scope admin"
            )
        );

    public static Rejection OfAttempts(TimeSpan wait) =>
        new(
            StatusCodes.Status429TooManyRequests,
            Fault(
                TooManyAttempts,
                $"There were too many attempts with wrong keys. Correct the key, and try again in {Math.Ceiling(wait.TotalSeconds):0} s."
            ),
            wait
        );

    private static Rejection Unauthorized(int fault, string message) => new(StatusCodes.Status401Unauthorized, Fault(fault, message));

    private static Refusal Fault(int fault, string message) =>
        new()
        {
            Reason = RefusalReason.Credentials,
            CredentialsFault = fault,
            Message = message,
        };
}
