/// What a program in F# sends: its own types, made of those that the language brings.
module FalServerless.Tests.FSharpValues

open FalServerless

type Currency =
    | Euro
    | Dollar
    | Other of code: string

type Line = { Article: string; Amount: decimal; Note: string option }

type Order =
    { Id: int
      Currency: Currency
      Lines: Line list
      Tags: Set<string>
      Prices: Map<string, decimal>
      Discount: decimal voption
      Checked: Result<int, string> }

type Tree =
    | Leaf
    | Node of left: Tree * value: int * right: Tree

[<Struct>]
type Point = { X: float; Y: float }

/// Keys that compare by a rule of their own.
[<CustomEquality; CustomComparison>]
type Caseless =
    { Text: string }

    override this.Equals other =
        match other with
        | :? Caseless as that -> System.String.Equals(this.Text, that.Text, System.StringComparison.OrdinalIgnoreCase)
        | _ -> false

    override this.GetHashCode() = System.StringComparer.OrdinalIgnoreCase.GetHashCode this.Text

    interface System.IComparable with
        member this.CompareTo other =
            match other with
            | :? Caseless as that -> System.StringComparer.OrdinalIgnoreCase.Compare(this.Text, that.Text)
            | _ -> 1

let order =
    { Id = 7
      Currency = Other "CHF"
      Lines = [ { Article = "pen"; Amount = 1.5m; Note = Some "blue" }; { Article = "ink"; Amount = 3m; Note = None } ]
      Tags = set [ "new"; "gift" ]
      Prices = Map [ "pen", 1.5m; "ink", 3m ]
      Discount = ValueSome 0.1m
      Checked = Error "stock" }

let tree = Node(Node(Leaf, 1, Leaf), 2, Node(Leaf, 3, Leaf))

let numbers count = List.init count id

let squares count = Map [ for i in 1..count -> i, i * i ]

let caseless = Map [ { Text = "Ada" }, 1; { Text = "Bob" }, 2 ]

let points = set [ struct ({ X = 1.0; Y = 2.0 }, Dollar); struct ({ X = 0.0; Y = 5.0 }, Euro) ]

let sum (list: int list) = List.sum list

/// Looks up, compares and matches, as code in F# does with what it was given.
let describe (order: Order) =
    let currency =
        match order.Currency with
        | Euro -> "EUR"
        | Dollar -> "USD"
        | Other code -> code

    let total = order.Lines |> List.sumBy (fun line -> line.Amount * (order.Prices |> Map.tryFind line.Article |> Option.defaultValue 0m))
    let isGift = order.Tags.Contains "gift"
    $"%d{order.Id} {currency} {total} {isGift} %A{order.Checked} {order.Discount.IsSome}"

let withPrice (order: Order) article price = { order with Prices = order.Prices.Add(article, price) }

/// A body that is written in F#: its parameters and what it captures travel to a real worker.
let describedElsewhere (host: FalHost) (order: Order) =
    let prices = order.Prices
    let body = System.Func<Order, string>(fun order -> describe order + " " + string (Map.count prices))
    Isolated.FromDelegate(body, IsolatedOptions(Host = host)).Invoke order
