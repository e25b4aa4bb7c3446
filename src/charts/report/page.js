"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  let drawn = 0;
  const percent = (v) => (v * 100).toFixed(Math.abs(v) < 0.0995 ? 1 : 0).replace("-", "\u2212") + "\u00a0%";
  const plain = (v) => {
    const text = Math.abs(v) >= 100 ? Math.round(v).toLocaleString("en").replace(/,/g, "\u2009") : v.toFixed(Math.abs(v) >= 10 ? 1 : 3);
    return text.replace("-", "\u2212");
  };
  const formats = { percent, plain };
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const date = (day) => data.dates[Math.max(0, Math.min(data.dates.length - 1, Math.round(day - data.first)))] || "day " + day;
  const short = (day) => {
    const parts = date(day).split("-");
    return parts.length === 3 ? Number(parts[2]) + " " + months[Number(parts[1]) - 1] : date(day);
  };
  // Month starts where they fit, else days.
  function splits(u, axis, min, max) {
    const starts = [];
    for (let day = Math.ceil(min); day <= max; day++) if (/-01$/.test(date(day)) || day === data.first) starts.push(day);
    if (starts.length > 2) {
      const step = Math.ceil(starts.length / Math.max(2, u.width / 70));
      return starts.filter((_, i) => i % step === 0);
    }
    const step = Math.max(1, Math.ceil((max - min) / Math.max(2, u.width / 80)));
    const days = [];
    for (let day = Math.ceil(min); day <= max; day += step) days.push(day);
    return days;
  }
  const fade = (colour, alpha) => colour + Math.round(alpha * 255).toString(16).padStart(2, "0");

  function drawChart(section) {
    const chart = data.charts.find((c) => c.id === section.dataset.chart);
    const holder = section.querySelector(".plot");
    const legend = section.querySelector(".legend");
    const readout = section.querySelector(".readout");
    const select = section.querySelector("select");
    const say = section.querySelector(".say");
    const format = formats[chart.format];
    const hidden = new Set();
    let plot = null, choice = chart.choices[0];

    function values(idx) {
      const lines = legend.querySelectorAll("b");
      choice.series.forEach((s, i) => {
        const v = idx == null ? null : s.q[s.q.length > 1 ? 2 : 0][idx];
        const range = v != null && s.q.length > 1 ? " (" + format(s.q[0][idx]) + " to " + format(s.q[4][idx]) + ")" : "";
        lines[i].textContent = v == null ? "" : format(v) + range;
      });
      if (idx == null) { readout.textContent = "Hover for values, drag to zoom, double-click to zoom out; with the keyboard: arrows, + and \u2212."; return ""; }
      const day = plot.data[0][idx];
      const near = data.events.filter((e) => Math.abs(e.day - day) <= 1).map((e) => e.label);
      const seen = (choice.points || []).filter((p) => Math.abs(p.day - day) <= 2 && !hidden.has(p.series))
        .map((p) => "record: " + p.label + " " + format(p.value));
      readout.textContent = [date(day)].concat(near, seen).join(" \u00b7 ");
      return readout.textContent;
    }

    function overlay(u) {
      const ctx = u.ctx, box = u.bbox, px = window.devicePixelRatio || 1;
      ctx.save();
      ctx.beginPath();
      ctx.rect(box.left, box.top - 16 * px, box.width, box.height + 16 * px);
      ctx.clip();
      ctx.font = 11 * px + "px sans-serif";
      ctx.textAlign = "center";
      let last = -Infinity;
      data.events.forEach((e, i) => {
        const x = u.valToPos(e.day, "x", true);
        ctx.strokeStyle = "#8a8f96";
        ctx.setLineDash([2 * px, 3 * px]);
        ctx.lineWidth = px;
        ctx.beginPath();
        ctx.moveTo(x, box.top);
        ctx.lineTo(x, box.top + box.height);
        ctx.stroke();
        if (x - last > 13 * px) { ctx.fillStyle = "#5c6066"; ctx.fillText(i + 1, x, box.top - 4 * px); last = x; }
      });
      ctx.setLineDash([]);
      (choice.points || []).filter((p) => !hidden.has(p.series)).forEach((p) => {
        const x = u.valToPos(p.day, "x", true);
        ctx.strokeStyle = ctx.fillStyle = p.colour;
        if (p.low != null) {
          ctx.lineWidth = 1.5 * px;
          ctx.beginPath();
          ctx.moveTo(x, u.valToPos(p.low, "y", true));
          ctx.lineTo(x, u.valToPos(p.high, "y", true));
          ctx.stroke();
        }
        ctx.beginPath();
        ctx.arc(x, u.valToPos(p.value, "y", true), 5 * px, 0, 7);
        ctx.fill();
        ctx.lineWidth = 1.5 * px;
        ctx.strokeStyle = "#1f1f1f";
        ctx.stroke();
      });
      ctx.restore();
    }

    function build() {
      if (plot) plot.destroy();
      const days = choice.series.length ? choice.series[0].q[0].map((_, i) => data.first + i * chart.every) : [data.first];
      const columns = [days], series = [{}], bands = [];
      choice.series.forEach((s, i) => {
        const show = !hidden.has(s.label);
        const middle = s.q.length > 1 ? 2 : 0;
        if (s.q.length > 1) {
          const at = columns.length;
          [4, 0, 3, 1].forEach((q) => {
            columns.push(s.q[q]);
            series.push({ label: s.label + " q" + q, show, stroke: "transparent", width: 0, points: { show: false } });
          });
          bands.push({ series: [at, at + 1], fill: fade(s.colour, 0.13) }, { series: [at + 2, at + 3], fill: fade(s.colour, 0.22) });
        }
        columns.push(s.q[middle]);
        series.push({ label: s.label, show, stroke: s.colour, width: 2, dash: s.dash || undefined, points: { show: false } });
      });
      const wide = Math.max(280, holder.clientWidth);
      plot = new uPlot({
        width: wide, height: Math.max(260, Math.min(420, wide * 0.5)), padding: [18, 8, 0, 0],
        scales: { x: { time: false }, y: { range: (u, lo, hi) => {
          const top = Math.max(hi == null ? 1 : hi, ...(choice.points || []).map((p) => p.value), chart.least || 0);
          const low = Math.min(0, lo == null ? 0 : lo);
          return [low, top + (top - low) * 0.05 || 1];
        } } },
        series, bands, legend: { show: false }, cursor: { drag: { x: true, y: false }, points: { size: 7 } },
        axes: [{ splits, values: (u, ticks) => ticks.map(short), grid: { stroke: "#f0f0f2" }, stroke: "#5c6066" },
               { values: (u, ticks) => ticks.map((v) => chart.format === "percent" ? Math.round(v * 1000) / 10 + "\u00a0%" : plain(v).replace(/\.?0+$/, "")),
                 size: 62, grid: { stroke: "#e2e3e6" }, stroke: "#5c6066" }],
        hooks: { draw: [overlay], setCursor: [(u) => values(u.cursor.idx)] },
      }, columns, holder);
      values(null);
      drawn += 1;
      root.dataset.charts = drawn;
    }

    function relist() {
      legend.textContent = "";
      choice.series.forEach((s) => {
        const item = document.createElement("li"), label = document.createElement("label");
        const box = document.createElement("input"), swatch = document.createElement("i"), value = document.createElement("b");
        box.type = "checkbox";
        box.checked = !hidden.has(s.label);
        box.addEventListener("change", () => {
          if (box.checked) hidden.delete(s.label); else hidden.add(s.label);
          build();
        });
        swatch.style.background = s.colour;
        label.append(box, swatch, s.label, " ", value);
        item.append(label);
        legend.append(item);
      });
    }

    if (select) select.addEventListener("change", () => { choice = chart.choices[select.selectedIndex]; relist(); build(); });
    holder.addEventListener("keydown", (event) => {
      const size = plot.data[0].length, at = plot.cursor.idx == null ? -1 : plot.cursor.idx;
      const steps = { ArrowRight: 1, ArrowLeft: -1, PageDown: 30, PageUp: -30 };
      if (event.key in steps) {
        const next = Math.max(0, Math.min(size - 1, at < 0 ? 0 : at + steps[event.key]));
        plot.setCursor({ left: plot.valToPos(plot.data[0][next], "x"), top: 10 });
        const words = choice.series.filter((s) => !hidden.has(s.label))
          .map((s) => s.label + " " + format(s.q[s.q.length > 1 ? 2 : 0][next]));
        say.textContent = values(next) + ": " + words.join(", ");
        event.preventDefault();
      } else if (event.key === "+" || event.key === "-") {
        const scale = plot.scales.x, mid = at < 0 ? (scale.min + scale.max) / 2 : plot.data[0][at];
        const half = (scale.max - scale.min) / (event.key === "+" ? 4 : 1), days = plot.data[0];
        plot.setScale("x", { min: Math.max(days[0], mid - half), max: Math.min(days[size - 1], mid + half) });
        event.preventDefault();
      }
    });
    holder.addEventListener("mouseleave", () => values(null));
    let wide = holder.clientWidth;
    new ResizeObserver(() => { if (Math.abs(holder.clientWidth - wide) > 4) { wide = holder.clientWidth; build(); } }).observe(holder);
    relist();
    build();
  }

  document.querySelectorAll("section[data-chart]").forEach(drawChart);
  root.dataset.ready = "yes";
})();
