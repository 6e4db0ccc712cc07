#!/usr/bin/env bash
# Draws docs/images/bench.svg from bench/figures.txt, the output of benchmarks.
#
#   bench/picture.sh            # draw
#   bench/picture.sh record     # measure on this machine, replace the figures, draw
#   bench/picture.sh print      # write the picture to the standard output
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

readonly figures=bench/figures.txt
readonly picture=docs/images/bench.svg

record() {
    {
        echo "machine: $(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), shared with other work; $(uname -sm)"
        echo "date: $(date -u +%F)"
        echo "load: $(cut -d' ' -f1-3 /proc/loadavg), $(sed -n 's/^some.*avg60=\([0-9]*\).*/in the minute before, some process waited for a processor \1 % of the time/p' /proc/pressure/cpu)"
        echo "commit: $(git rev-parse --short HEAD)"
        local name
        for name in warm start cold codec; do
            printf '\n$ ./build.sh bench %s\n' "$name"
            ./build.sh bench "$name" | sed -n '/^[A-Z].*median/,$p'
        done
    } >"$figures.new"
    mv "$figures.new" "$figures"
}

# A panel for each figure, with a bar for each contender; those of FalServerless have a colour.
draw() {
    awk '
        function escape(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
        function trim(text) { sub(/^ +/, "", text); sub(/ +$/, "", text); return text }
        function bar(panel, name, value, ours) {
            n = ++bars[panel]
            label[panel, n] = name; figure[panel, n] = value; mine[panel, n] = ours
            if (value + 0 > most[panel]) most[panel] = value + 0
        }
        function draw_panel(panel, title, unit, better,    i, width) {
            printf "  <text class=\"ink head\" x=\"20\" y=\"%d\">%s</text><text class=\"soft\" x=\"860\" y=\"%d\" text-anchor=\"end\">%s, %s is better</text>\n", y, title, y, unit, better
            for (i = 1; i <= bars[panel]; i++) {
                y += 24
                width = 440 * figure[panel, i] / most[panel]
                printf "  <text class=\"ink\" x=\"260\" y=\"%d\" text-anchor=\"end\">%s</text><rect class=\"%s\" x=\"270\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"3\"/><text class=\"ink\" x=\"%.1f\" y=\"%d\">%s</text>\n", \
                    y, escape(label[panel, i]), mine[panel, i] ? "ours" : "rival", y - 13, width, 278 + width, y, figure[panel, i]
            }
            y += 44
        }
        /^machine: / { machine = substr($0, 10) }
        /^date: / { date = $2 }
        /^load: / { load = substr($0, 7) }
        /^\$ / { part = $NF }
        part == "warm" && /^(echo, (loopback TCP|Unix socket)|warm call) +[0-9]/ {
            name = trim(substr($0, 1, 22)); bar("latency", name, $(NF - 2), name == "warm call"); bar("throughput", name, $NF, name == "warm call")
        }
        part == "start" && /^(no isolated function|first result) +[0-9]/ {
            name = trim(substr($0, 1, 22)); split(trim(substr($0, 23)), value, " "); bar("start", name, value[1], name == "first result")
        }
        part == "cold" && /^(a bare|pre-warmed|no worker).*× the bare start/ {
            name = trim(substr($0, 1, 24)); split(trim(substr($0, 25)), value, " "); bar("cold", name, value[1], name !~ /^a bare/)
        }
        part == "codec" && /^(a record of five members|the same with System.Text.Json) / {
            name = /^a/ ? "FalServerless" : "System.Text.Json"; bar("codec", name, $NF, name == "FalServerless")
        }
        END {
            if (bars["latency"] != 3 || bars["throughput"] != 3 || bars["start"] != 2 || bars["cold"] != 4 || bars["codec"] != 2) {
                print "bench/figures.txt lacks figures: record them with ./build.sh bench picture record" >"/dev/stderr"
                exit 1
            }
            print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 880 626\" role=\"img\" aria-labelledby=\"title\" font-family=\"system-ui, -apple-system, &apos;Segoe UI&apos;, sans-serif\" font-size=\"13\">"
            print "  <title id=\"title\">Benchmarks of FalServerless beside their rivals, of " date ".</title>"
            print "  <style>"
            print "    .ink { fill: #1f2328 } .soft { fill: #59636e; font-size: 12px } .head { font-weight: 600 } .ours { fill: #0969da } .rival { fill: #afb8c1 }"
            print "    @media (prefers-color-scheme: dark) { .ink { fill: #e6edf3 } .soft { fill: #9198a1 } .ours { fill: #4493f8 } .rival { fill: #656c76 } }"
            print "  </style>"
            y = 28
            draw_panel("latency", "A warm call, one after the other: median latency", "µs", "lower")
            draw_panel("throughput", "Warm calls, 32 at once: throughput", "calls/s", "higher")
            draw_panel("start", "From program start to the first line; the first result is a worker&apos;s", "ms", "lower")
            draw_panel("cold", "First call of a function, and the start of a .NET program that prints one line", "ms", "lower")
            draw_panel("codec", "Writing and reading a record of five members", "µs", "lower")
            printf "  <text class=\"soft\" x=\"20\" y=\"%d\">%s. Compare the bars of one panel only: the machine is shared.</text>\n", y - 8, date
            printf "  <text class=\"soft\" x=\"20\" y=\"%d\">%s</text>\n", y + 10, escape(machine)
            printf "  <text class=\"soft\" x=\"20\" y=\"%d\">Load: %s</text>\n", y + 28, escape(load)
            print "</svg>"
        }' "$figures"
}

case "${1:-}" in
    print) draw ;;
    record | '')
        [[ "${1:-}" != record ]] || record
        draw >"$picture.new"
        mv "$picture.new" "$picture"
        echo "$picture"
        ;;
    *)
        echo "Usage: ./build.sh bench picture [record | print]" >&2
        exit 2
        ;;
esac
