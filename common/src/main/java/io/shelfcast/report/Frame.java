package io.shelfcast.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * From numbers to places in a drawing.
 *
 * @param size of the drawing
 * @param x what the width stands for
 * @param y what the height stands for
 */
record Frame(PlotSize size, Ticks x, Ticks y) {

  /** One in which everything that these plots show has room, and so have the axes' numbers. */
  static Frame of(List<LinePlot> plots, PlotSize size) {
    Ticks y = ticks(plots, LinePlot::y, Frame::yValues, size.ySteps());
    double besideY = widest(plots, LinePlot::y, y, size);
    for (int steps = size.xSteps(); ; steps--) {
      Ticks x = ticks(plots, LinePlot::x, Frame::xValues, steps);
      double belowX = widest(plots, LinePlot::x, x, size);
      PlotSize fitting = size.leaving(besideY, belowX);
      if (steps == 1 || belowX * x.values().size() <= fitting.innerWidth() + belowX) {
        return new Frame(fitting, x, y);
      }
    }
  }

  double x(double value) {
    double low = x.from().doubleValue();
    return size.left() + size.innerWidth() * (value - low) / (x.to().doubleValue() - low);
  }

  double y(double value) {
    double low = y.from().doubleValue();
    return size.bottom() - size.innerHeight() * (value - low) / (y.to().doubleValue() - low);
  }

  Place place(double xValue, double yValue) {
    return new Place(x(xValue), y(yValue));
  }

  Place place(Point point) {
    return place(point.x(), point.y());
  }

  private static Ticks ticks(
      List<LinePlot> plots,
      Function<LinePlot, Axis> axis,
      Function<LinePlot, DoubleStream> values,
      int steps) {
    DoubleSummaryStatistics extent =
        plots.stream()
            .flatMapToDouble(
                plot ->
                    DoubleStream.concat(
                        values.apply(plot),
                        axis.apply(plot).covered().stream().mapToDouble(Double::doubleValue)))
            .summaryStatistics();
    return extent.getCount() == 0
        ? Ticks.over(0, 1, steps)
        : Ticks.over(extent.getMin(), extent.getMax(), steps);
  }

  /** Of the numbers along an axis. */
  private static double widest(
      List<LinePlot> plots, Function<LinePlot, Axis> axis, Ticks ticks, PlotSize size) {
    return plots.stream()
        .map(axis)
        .flatMap(
            one -> ticks.values().stream().map(tick -> one.text(tick, ticks.decimals()).length()))
        .mapToDouble(size::width)
        .max()
        .orElse(0);
  }

  private static DoubleStream xValues(LinePlot plot) {
    return DoubleStream.concat(
        references(plot, Reference.Kind.VERTICAL),
        plot.series().stream()
            .flatMapToDouble(
                line ->
                    DoubleStream.concat(
                        line.points().stream().mapToDouble(Point::x),
                        DoubleStream.concat(
                            line.band().stream().mapToDouble(Interval::x),
                            line.marks().stream().mapToDouble(Mark::x)))));
  }

  private static DoubleStream yValues(LinePlot plot) {
    return DoubleStream.concat(
        references(plot, Reference.Kind.HORIZONTAL),
        plot.series().stream()
            .flatMapToDouble(
                line ->
                    DoubleStream.concat(
                        line.points().stream().mapToDouble(Point::y),
                        DoubleStream.concat(
                            line.band().stream()
                                .flatMapToDouble(at -> DoubleStream.of(at.low(), at.high())),
                            line.marks().stream().mapToDouble(Mark::y)))));
  }

  private static DoubleStream references(LinePlot plot, Reference.Kind kind) {
    return plot.references().stream()
        .filter(reference -> reference.kind() == kind)
        .mapToDouble(Reference::at);
  }
}
