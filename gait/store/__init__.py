"""Runners, their days and everything said about them, kept on this computer.

``open_store`` opens it; every other call takes the store and the actor who asks. What a call returned is
on the disk; what it refused changed nothing.

    domain      what is kept, as frozen values        facts       what a record says, for queries
    models      the same as tables                    database    opens, migrates, says what failed
    access      who may see what                      files       clips and pictures, named by content
    runners, assessments, prescriptions, annotations, audit       the calls
    erasure     the bin and what it means to delete   portable    one runner as one file
"""
