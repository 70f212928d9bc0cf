package io.shelfcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.shelfcast.fullsync.FullSyncPipeline;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the pipelines may know. */
class PipelinesArchitectureTest {

  // From where production classes lie, so that a new pipeline is under the rules, and tests are
  // not.
  private final JavaClasses pipelines =
      new ClassFileImporter()
          .importUrl(FullSyncPipeline.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void pipelinesHoldNoSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.shelfcast.snowflake..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..", "org.flywaydb..")
        .because("SQL stands in the store, where it is tested without a pipeline")
        .check(pipelines);
  }

  @Test
  void snowflakeKnowsNoDatabaseOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.snowflake..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.postgresql..", "com.zaxxer..", "org.flywaydb..")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("io.shelfcast.fullsync..")
        .because("it is a source only; where rows go, and how, is for full sync to say")
        .check(pipelines);
  }

  @Test
  void pipelinesDoNotKnowLocal() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.shelfcast.local..")
        .because("what runs on Dataflow must not bring an embedded PostgreSQL along")
        .check(pipelines);
  }

  @Test
  void scoringKnowsNoBeam() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.scoring..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.beam..", "io.shelfcast.transforms..")
        .because(
            "its calls are made on threads of its own, where nothing of Beam's works, and it can"
                + " then be tested without a runner")
        .check(pipelines);
  }

  @Test
  void nothingWritesToTheStandardStreams() {
    noClasses()
        .should(ACCESS_STANDARD_STREAMS)
        .because("standard output is a command's result; what else is to be told is logged")
        .check(pipelines);
  }

  @Test
  void nothingLogsPastSlf4j() {
    // ArchUnit's own USE_JAVA_UTIL_LOGGING sees only a field that is set, not a logger just used.
    noClasses()
        .that()
        // Every DataSource has a method that names such a logger.
        .doNotImplement(DataSource.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .because("whoever runs this, a worker or a command, decides where its log goes")
        .check(pipelines);
  }
}
