package io.shelfcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.shelfcast.domain.ScoreBatch;
import org.junit.jupiter.api.Test;

/** Which part of this module may know what. */
class ArchitectureTest {

  private static final String[] JDBC = {
    "java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..", "org.flywaydb.."
  };

  // From where production classes lie, so that a new package is under the rules, and tests are not.
  private final JavaClasses common =
      new ClassFileImporter()
          .importUrl(ScoreBatch.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void domainKnowsNothingButJava() {
    classes()
        .that()
        .resideInAPackage("io.shelfcast.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.time..",
            "java.nio..",
            "java.io..",
            "org.jspecify..",
            "io.shelfcast.domain..")
        .because("its records are what every part, with or without Beam, talks in")
        .check(common);
  }

  @Test
  void qualityKnowsNoBeam() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.quality..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.beam..")
        .because("what a good row is can then be tested, and used, without a runner")
        .check(common);
  }

  @Test
  void qualityKnowsNoJdbc() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.quality..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JDBC)
        .because("what a good row is does not hang on where it goes")
        .check(common);
  }

  @Test
  void policyAndComparisonKnowNoBeamAndNoJdbc() {
    noClasses()
        .that()
        .resideInAnyPackage("io.shelfcast.policy..", "io.shelfcast.comparison..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.beam..")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(JDBC)
        .because("reads, publishing and tuning judge a score by the same code")
        .check(common);
  }

  @Test
  void experimentKnowsNothingButJava() {
    classes()
        .that()
        .resideInAPackage("io.shelfcast.experiment..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.math..",
            "java.nio..",
            "java.security..",
            "org.jspecify..",
            "io.shelfcast.experiment..")
        .because("whoever serves or evaluates an experiment has to come to the same assignment")
        .check(common);
  }

  @Test
  void tuningKnowsPoliciesAndNothingElse() {
    classes()
        .that()
        .resideInAPackage("io.shelfcast.tuning..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.io..",
            "org.jspecify..",
            "io.shelfcast.policy..",
            "io.shelfcast.tuning..")
        .because("what thresholds are best is a matter of counts, however they were counted")
        .check(common);
  }

  @Test
  void reportKnowsNothingButJava() {
    classes()
        .that()
        .resideInAPackage("io.shelfcast.report..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.math..",
            "java.io..",
            "java.nio..",
            "org.jspecify..",
            "io.shelfcast.report..")
        .because("what is reported is for those to know who hand it in")
        .check(common);
  }

  @Test
  void storeKnowsNoBeam() {
    // It may know Google Cloud: SecretRef asks the Secret Manager, which needs no pipeline.
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.beam..")
        .because("serving and the commands write and read the database without a pipeline")
        .check(common);
  }

  @Test
  void transformsHoldNoSql() {
    noClasses()
        .that()
        .resideInAPackage("io.shelfcast.transforms..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JDBC)
        .because("SQL stands in the store, so that a DoFn stays thin")
        .check(common);
  }

  @Test
  void nothingBelowTheTransformsKnowsThem() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.shelfcast.domain..",
            "io.shelfcast.quality..",
            "io.shelfcast.policy..",
            "io.shelfcast.experiment..",
            "io.shelfcast.report..",
            "io.shelfcast.comparison..",
            "io.shelfcast.tuning..",
            "io.shelfcast.store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.shelfcast.transforms..")
        .because("dependencies run downward only")
        .check(common);
  }

  @Test
  void nothingWritesToTheStandardStreams() {
    noClasses()
        .should(ACCESS_STANDARD_STREAMS)
        .because("standard output is a command's result; what else is to be told is logged")
        .check(common);
  }

  @Test
  void nothingLogsPastSlf4j() {
    // ArchUnit's own USE_JAVA_UTIL_LOGGING sees only a field that is set, not a logger just used.
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .because("whoever runs this, a worker or a command, decides where its log goes")
        .check(common);
  }
}
