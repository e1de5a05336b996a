"""Many assessments in one go, on this computer or on several; the store knows what is done.

orders     one assessment that is asked for, and its key       manifest   a table or a folder -> clips, listed
outcomes   what came of an order                               checking   clips -> orders, or what is wrong
processes  work in a process of its own                        work       an order -> what came of it
questions  what only a person can say, asked in one go         run        hands out orders, writes the store
results    the table and the page                              rounds     from first order to last answer
cluster    processes on other machines
"""
