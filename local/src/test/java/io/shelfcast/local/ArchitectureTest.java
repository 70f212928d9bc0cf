package io.shelfcast.local;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.fullsync.FullSyncPipeline;
import io.shelfcast.serving.AvailabilityReader;
import io.shelfcast.snowflake.emulator.SnowflakeEmulator;
import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules over all modules: only this one has them all on its class path. */
class ArchitectureTest {

  private static final String[] PIPELINES = {
    "io.shelfcast.fullsync..",
    "io.shelfcast.refresh..",
    "io.shelfcast.replay..",
    "io.shelfcast.scoring..",
    "io.shelfcast.snowflake..",
    "io.shelfcast.run.."
  };

  // From where production classes lie: by package, those of the modules' test jars would come too.
  private final JavaClasses all =
      new ClassFileImporter()
          .importUrls(
              List.of(
                  home(ScoreBatch.class),
                  home(FullSyncPipeline.class),
                  home(AvailabilityReader.class),
                  home(SnowflakeEmulator.class),
                  home(Main.class)));

  @Test
  void nothingBelowKnowsLocal() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.shelfcast.local..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.shelfcast.local..")
        .because("what runs on Dataflow must not bring an embedded PostgreSQL along")
        .check(all);
  }

  @Test
  void theStandInForSnowflakeKnowsNothingOfUs() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.snowflake.emulator..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.shelfcast..")
                .and(resideOutsideOfPackage("io.shelfcast.snowflake.emulator..")))
        .because("what it shared with the source it could not find wrong")
        .check(all);
  }

  @Test
  void commonKnowsNoPipeline() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.shelfcast.domain..",
            "io.shelfcast.quality..",
            "io.shelfcast.policy..",
            "io.shelfcast.report..",
            "io.shelfcast.store..",
            "io.shelfcast.transforms..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.shelfcast.fullsync..", "io.shelfcast.replay..", "io.shelfcast.run..")
        .because("dependencies run downward only")
        .check(all);
  }

  @Test
  void readsAndPipelinesKnowNothingOfEachOther() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.serving..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(PIPELINES)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.beam..")
        .because("a server should not have to bring Beam along")
        .check(all);
    noClasses()
        .that()
        .resideInAnyPackage(PIPELINES)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.shelfcast.serving..")
        .because("nor a worker a web server")
        .check(all);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("io.shelfcast.(**)")
        .should()
        .beFreeOfCycles()
        .because("a cycle is one package in two folders")
        .check(all);
  }

  @Test
  void noNameHidesWhatAClassIsFor() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Manager|Helper)")
        .because("a reader should find the room by its name, and such a room takes in anything")
        .check(all);
  }

  @Test
  void noClassIsThereToBeExtended() {
    noClasses()
        .should()
        .haveNameMatching(".*[.$](Abstract|Base)[A-Z][^.$]*")
        .andShould()
        .haveModifier(ABSTRACT)
        .because("what classes share is handed to them; half a class tells nothing by itself")
        .check(all);
  }

  private static URL home(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
