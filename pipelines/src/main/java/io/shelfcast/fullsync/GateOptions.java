package io.shelfcast.fullsync;

import io.shelfcast.quality.GateLimits;
import io.shelfcast.quality.GateMode;
import java.time.Duration;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The quality gate: what an input has to look like before any of its rows becomes visible. */
public interface GateOptions extends PipelineOptions {

  @Description(
      "What to do about an input that fails a check. enforce: refuse it, and write no score. warn:"
          + " note it in the run ledger. off: do not look, and keep no profile to compare with.")
  @Default.Enum("enforce")
  GateMode getGate();

  void setGate(GateMode value);

  @Description(
      "Greatest share of rows, of each model version and of all, that may be rejected; those of"
          + " retired model versions aside.")
  @Default.Double(0.01)
  double getMaxRejectShare();

  void setMaxRejectShare(double value);

  @Description(
      "Complete inputs: greatest share of its items that the input, or a store, may have lost since"
          + " the last run.")
  @Default.Double(0.2)
  double getMaxRowDrop();

  void setMaxRowDrop(double value);

  @Description(
      "Complete inputs: greatest share of the last run's stores that may be missing, or have lost"
          + " more than --maxRowDrop of their items.")
  @Default.Double(0.001)
  double getMaxStoresShort();

  void setMaxStoresShort(double value);

  @Description(
      "Greatest population stability index of the scores against the last run of the same time of"
          + " day; and, for inputs of the same stores, of the items over the stores.")
  @Default.Double(0.25)
  double getMaxPsi();

  void setMaxPsi(double value);

  @Description(
      "How old the newest score may be, as ISO 8601. Not given: as old as it likes, since applying"
          + " an old input once more does no harm.")
  @Nullable Duration getMaxScoreAge();

  void setMaxScoreAge(@Nullable Duration value);

  @Description("From this number of rows on shares and shapes are judged.")
  @Default.Long(1000)
  long getGateMinRows();

  void setGateMinRows(long value);

  @Description("Go on whatever the gate says; needs --reason, and is recorded.")
  @Default.Boolean(false)
  boolean isForce();

  void setForce(boolean value);

  @Description("Why --force is right.")
  @Nullable String getReason();

  void setReason(@Nullable String value);

  /**
   * The limits that these options name.
   *
   * @throws IllegalArgumentException saying which option to change
   */
  static GateLimits limitsOf(GateOptions options) {
    String reason = options.getReason();
    if (options.isForce() && (reason == null || reason.isBlank())) {
      throw new IllegalArgumentException(
          "--force needs --reason='why the input is right all the same'; it is kept with the run");
    }
    if (options.isForce() && options.getGate() != GateMode.enforce) {
      throw new IllegalArgumentException(
          "--force is for --gate=enforce; with --gate=%s nothing is refused"
              .formatted(options.getGate()));
    }
    if (!options.isForce() && reason != null) {
      throw new IllegalArgumentException("--reason is for --force; add it, or leave both out");
    }
    return new GateLimits(
        options.getMaxRejectShare(),
        options.getMaxRowDrop(),
        options.getMaxStoresShort(),
        options.getMaxPsi(),
        options.getMaxScoreAge(),
        options.getGateMinRows());
  }
}
