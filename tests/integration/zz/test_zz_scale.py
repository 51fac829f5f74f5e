import random, time
from datetime import timedelta
from sqlalchemy import insert, text, select
from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.people import accounts, companies, tokens
from engine.domain.actors import SYSTEM
from engine.commands import tickets as T
from engine.queries import user_tasks as Q
from engine.storage.tables import *
from engine.storage.tables.user_tasks import NEVER
from tests.integration.conftest import *
from tests.conftest import *
from tests.support.journeys import *
from tests.support.statements import counting
from tests.support.documents import ROOT
from engine.commands.packages.folders import read_folder
N=100_000
def test_scale(database, clock, sandbox):
    engine=Engine(database, clock, sandbox)
    deployments.deploy(engine, read_folder(ROOT/"workflows"/"mrdoc"), SYSTEM, "folder")
    red=companies.create(engine, SYSTEM, name="Red")
    def join(name, kind, company, roles):
        a=accounts.create(engine, SYSTEM, email=f"{name}@example.org", name=name.title(), kind=kind, company=company)
        accounts.set_memberships(engine, SYSTEM, a, "mrdoc", roles)
        return tokens.actor_for(engine, tokens.create(engine, SYSTEM, account_id=a).secret)
    carla=join("carla","customer",red,{"customer":[]})
    paola=join("paola","staff",None,{"pm":[]})
    aldo=join("aldo","staff",None,{"agent":["crm"]})
    quirino=join("quirino","staff",None,{"agent":["quotes"]})
    T.open(engine, carla, "mrdoc", "Una pagina", "")
    with database.read() as tx:
        tk=dict(tx.execute(select(Ticket.__table__)).first()._mapping); ut=dict(tx.execute(select(UserTask.__table__)).first()._mapping); it=dict(tx.execute(select(Instance.__table__)).first()._mapping)
        cl=dict(tx.execute(select(Clock.__table__)).first()._mapping)
    r=random.Random(1)
    def chunks(rows, n=5000):
        for i in range(0,len(rows),n): yield rows[i:i+n]
    ticks=[];inst=[];tasks=[];groups=[];tid=10
    now=clock()
    for n in range(N):
        i=100+n; dept=r.choice(["crm","site","quotes",""])
        ticks.append({**tk,"id":i,"number":f"X-{n}","department":dept,"subject":f"Problem {n}"})
        inst.append({**it,"id":f"i{n}","ticket_id":i})
        for k in range(3):
            tid+=1
            open_=k==2 and r.random()<0.2
            due=now+timedelta(minutes=r.randint(-20000,40000)) if r.random()<.8 else NEVER
            ass=r.choice([None,None,paola.id,aldo.id,quirino.id]) if open_ else paola.id
            g="pm" if r.random()<.4 or not dept else f"agent@{dept}"
            if dept=="quotes" and r.random()<.95 and open_: g="pm"
            off=open_ and ass is None
            tasks.append({**ut,"id":tid,"key":f"k{tid}","instance_id":f"i{n}","ticket_id":i,"state":"open" if open_ else "completed","assignee_id":ass,"offered":off,"due_at":due,"opened_at":now,"groups":[g]})
            groups.append({"user_task_id":tid,"group":g,"offered":off,"due_at":due})
    t=time.time()
    for table,rows in ((Ticket,ticks),(Instance,inst),(UserTask,tasks),(UserTaskGroup,groups)):
        for c in chunks(rows):
            with database.begin() as tx: tx.execute(insert(table),c)
    if database.dialect!="sqlite":
        with database.begin() as tx: tx.execute(text("ANALYZE"))
    print("\nseeded", database.dialect, round(time.time()-t,1), sum(x["state"]=="open" for x in tasks), "open")
    F=Q.Filters
    cases={}
    for name,who in (("paola",paola),("aldo",aldo),("quirino",quirino)):
        for box in Q.BOXES:
            cases[f"{name} {box}"]=lambda who=who,box=box: Q.inbox(engine,who,box,F())
        cases[f"{name} counts"]=lambda who=who: Q.counts(engine,who,F())
        cases[f"{name} reminder"]=lambda who=who: Q.reminder(engine,who)
    cases["paola late"]=lambda: Q.inbox(engine,paola,"claimable",F(due="late"))
    cases["paola dept"]=lambda: Q.inbox(engine,paola,"all",F(department="quotes"))
    cases["paola text"]=lambda: Q.inbox(engine,paola,"all",F(text="problem 99999"))
    cases["paola text claimable"]=lambda: Q.inbox(engine,paola,"claimable",F(text="problem 99999"))
    cases["paola text count"]=lambda: Q.counts(engine,paola,F(text="problem 99999"))
    cases["system all"]=lambda: Q.inbox(engine,SYSTEM,"all",F())
    first=Q.inbox(engine,paola,"claimable",F()); 
    cases["paola claimable p2"]=lambda: Q.inbox(engine,paola,"claimable",F(),cursor=first.next)
    for name,work in cases.items():
        work()
        times=[]
        for _ in range(5):
            t=time.perf_counter(); out=work(); times.append((time.perf_counter()-t)*1000)
        with counting(database) as c: work()
        print(f"{name:24} {min(times):7.1f} ms  {len(c)} statements  {len(out.items) if hasattr(out,'items') and not isinstance(out,dict) else out}")
    explain="EXPLAIN QUERY PLAN " if database.dialect=="sqlite" else "EXPLAIN ANALYZE "
    for name in ("aldo all","quirino claimable","paola counts"):
        told=[]
        from sqlalchemy import event
        def note(_c,_cu,statement,parameters,*_): told.append((statement,parameters))
        event.listen(database.sql,"before_cursor_execute",note); cases[name](); event.remove(database.sql,"before_cursor_execute",note)
        print("==",name)
        with database.read() as tx:
            for s,p in told[1:]:
                for row in tx.exec_driver_sql(explain+s,p): print("   ",*[str(x)[:150] for x in row][-1:])
