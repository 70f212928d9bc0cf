package io.shelfcast.report;

/**
 * The size of a drawing, and of what stands around its frame, in units that the browser scales.
 *
 * @param style the class of the style sheet that sets its letters
 * @param width of all
 * @param height of all
 * @param left where the frame starts
 * @param top where the frame starts
 * @param right where the frame ends
 * @param bottom where the frame ends
 * @param xSteps about how many steps there is room for along the width
 * @param ySteps as xSteps, along the height
 * @param letter the height of the largest letters that the style sheet sets
 * @param spots about how many places of a line tell their numbers under the pointer
 * @param dot the radius of the largest dot
 */
record PlotSize(
    String style,
    int width,
    int height,
    int left,
    int top,
    int right,
    int bottom,
    int xSteps,
    int ySteps,
    int letter,
    int spots,
    int dot) {

  /** As wide as the page. On a phone that shrinks it by half, so its letters are larger there. */
  static final PlotSize LARGE = new PlotSize("large", 640, 434, 72, 40, 606, 370, 6, 6, 20, 40, 9);

  /** One of several in a row, or alone in one on a phone: it hardly changes its size. */
  static final PlotSize SMALL = new PlotSize("small", 320, 224, 46, 28, 300, 182, 4, 4, 12, 12, 6);

  /** With a frame that leaves room for texts of some widths along its axes. */
  PlotSize leaving(double besideY, double belowX) {
    return new PlotSize(
        style,
        width,
        height,
        (int) Math.max(left, Math.ceil(Math.max(besideY + 8, belowX / 2))),
        top,
        (int) Math.min(right, Math.floor(width - belowX / 2)),
        bottom,
        xSteps,
        ySteps,
        letter,
        spots,
        dot);
  }

  /** How wide a text of some letters is, in a font on the wide side. */
  double width(int letters) {
    return letters * letter * 0.6;
  }

  int innerWidth() {
    return right - left;
  }

  int innerHeight() {
    return bottom - top;
  }
}
