// The app that delivers a phone's SMS and calls to a DEVICE source of rapport.

pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "rapport-phone"
include(":app")
