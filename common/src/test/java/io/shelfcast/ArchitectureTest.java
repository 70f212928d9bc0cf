package io.shelfcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final String[] BEAM = {"org.apache.beam.."};
  private static final String[] JDBC = {
    "java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..", "org.flywaydb.."
  };

  private final JavaClasses common =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.shelfcast");

  @Test
  void domainKnowsNothingButJava() {
    classes()
        .that()
        .resideInAPackage("..domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java.lang..",
            "java.util..",
            "java.time..",
            "java.nio..",
            "org.jspecify..",
            "..domain..")
        .because("its records are what every part, with or without Beam, talks in")
        .check(common);
  }

  @Test
  void qualityKnowsNoBeamAndNoJdbc() {
    noClasses()
        .that()
        .resideInAPackage("..quality..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BEAM)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(JDBC)
        .because("what a good row is can then be tested, and used, without a runner or a database")
        .check(common);
  }

  @Test
  void storeKnowsNoBeam() {
    noClasses()
        .that()
        .resideInAPackage("..store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BEAM)
        .because("serving and the commands write and read the database without a pipeline")
        .check(common);
  }

  @Test
  void transformsHoldNoSql() {
    noClasses()
        .that()
        .resideInAPackage("..transforms..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JDBC)
        .because("SQL stands in the store, so that a DoFn stays thin")
        .check(common);
  }

  @Test
  void nothingInDomainQualityAndStoreKnowsTheTransforms() {
    noClasses()
        .that()
        .resideInAnyPackage("..domain..", "..quality..", "..store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..transforms..")
        .because("dependencies run downward only")
        .check(common);
  }
}
